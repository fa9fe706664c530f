import type { EventStore } from '../store/event-store.js';
import {
  generationStatus,
  pauseOf,
  type GenerationRow,
  type GenerationStatus,
} from './generations/generation-status.js';
import type { PausingEvent } from './pausing-event.js';
import type { Projection } from './projection.js';
import type { Sql } from './table-sql.js';

/** How one projection stands against the store's head. */
export interface ProjectionStatus {
  readonly name: string;
  readonly version: number;
  /** Commit position up to which every event is applied; -1 before the first. */
  readonly position: string;
  readonly headPosition: string;
  /** Events not yet applied; counted up to LAG_COUNTED, which then stands for "that many or more". */
  readonly lagEvents: number;
  /** Age of the oldest event not yet applied. */
  readonly lagSeconds: number;
  /** waiting: no projector has led it yet. */
  readonly state: 'running' | 'paused' | 'waiting';
  /** Since when it is paused, and who has paused it and why where no event did. */
  readonly paused?: { readonly at: string; readonly by?: string; readonly reason?: string };
  /** The event that paused it. */
  readonly error?: PausingEvent;
  /** Events left out, in their order. */
  readonly skipped: readonly SkippedEvent[];
  /** Number of the generation that serves. */
  readonly generation: number;
  /** Those that do not, in their order: one that is being made, and those that served before, until dropped. */
  readonly generations: readonly GenerationStatus[];
}

export interface SkippedEvent extends Omit<PausingEvent, 'stack'> {
  readonly by: string;
  readonly reason: string;
  /** RFC 3339 UTC. */
  readonly at: string;
}

export const LAG_COUNTED = 10_000;

interface Row extends GenerationRow {
  readonly state: ProjectionStatus['state'];
}

/**
 * Reads checkpoints and head.
 * @param now milliseconds since 1970
 * @param known projections of the program: those that nobody has led yet are shown too
 */
export async function projectionStatuses(
  sql: Sql,
  store: EventStore,
  prefixes: readonly string[],
  now: number,
  known: readonly Pick<Projection, 'name' | 'version'>[] = [],
): Promise<ProjectionStatus[]> {
  const all = (await sql.query('select * from public.projection order by generation')).rows as Row[];
  const stored = all.filter(({ phase }) => phase === 'serving');
  const skipped = await readSkipped(sql);
  const waiting = known.filter(({ name }) => !stored.some((row) => row.name === name));
  const rows: Row[] = [
    ...stored,
    ...waiting.map(({ name, version }) => ({ ...NEVER_LED, name, version })),
  ].sort((one, other) => (one.name < other.name ? -1 : 1));
  const lagAfter = await readLags(
    store,
    prefixes,
    rows.map(({ position }) => BigInt(position)),
  );
  return rows.map((row) => {
    const lag = lagAfter.get(row.position);
    return {
      name: row.name,
      version: row.version,
      position: row.position,
      // The position moves past others' events too; then there is no newer one.
      headPosition: lag ? String(lag.head) : row.position,
      lagEvents: lag?.count ?? 0,
      lagSeconds: lag?.oldest ? Math.max(0, (now - lag.oldest.getTime()) / 1000) : 0,
      state: row.state,
      ...pauseOf(row),
      skipped: skipped.get(row.name) ?? [],
      generation: row.generation,
      generations: all
        .filter(({ projection }) => projection === row.name)
        .map((generation) => generationStatus(generation, row, skipped.get(generation.name) ?? [], now)),
    };
  });
}

/** Events that projections leave out now, by the projection's name. */
export async function readSkipped(sql: Sql): Promise<ReadonlyMap<string, readonly SkippedEvent[]>> {
  const { rows } = await sql.query(
    `select projection, skipped_at, skipped_by, reason, error from public.projection_skip
     where lifted_at is null order by position`,
  );
  const skipped = new Map<string, SkippedEvent[]>();
  for (const row of rows as {
    projection: string;
    skipped_at: Date;
    skipped_by: string;
    reason: string;
    error: PausingEvent;
  }[]) {
    const { stack: _, ...event } = row.error;
    const one = { ...event, by: row.skipped_by, reason: row.reason, at: row.skipped_at.toISOString() };
    skipped.set(row.projection, [...(skipped.get(row.projection) ?? []), one]);
  }
  return skipped;
}

interface Lag {
  readonly head: bigint;
  readonly count: number;
  readonly oldest?: Date;
}

/**
 * What follows each position, as text; nothing for one that nothing follows. Projections that stand together are counted once, and
 * those behind one that has too many to count are not counted: they have more.
 */
async function readLags(
  store: EventStore,
  prefixes: readonly string[],
  positions: readonly bigint[],
): Promise<ReadonlyMap<string, Lag>> {
  const distinct = [...new Set(positions)].sort((one, other) => (one > other ? -1 : 1));
  const lowest = distinct.at(-1) ?? -1n;
  const head = (await store.head(prefixes, lowest))?.position;
  const lags = new Map<string, Lag>();
  if (head === undefined) return lags;
  let most = LAG_COUNTED;
  for (const position of distinct) {
    if (head <= position) continue;
    const { count, oldest } = await store.after(position, prefixes, most);
    if (count >= LAG_COUNTED) most = 1;
    lags.set(String(position), { head, count: most === 1 ? LAG_COUNTED : count, oldest });
  }
  return lags;
}

const NEVER_LED: Omit<Row, 'name' | 'version'> = {
  ...{ position: '-1', events: '0', state: 'waiting', projection: null, generation: 1, phase: 'serving' },
  ...{ error: null, paused_at: null, paused_by: null, pause_reason: null },
  ...{ started_at: new Date(0), started_by: null, start_reason: null },
};
