import type { EventStore } from '../store/event-store.js';
import { MAX_POSITION } from './projection.js';
import type { Sql } from './table-sql.js';

/** How one projection stands against the store's head. */
export interface ProjectionStatus {
  readonly name: string;
  readonly version: number;
  readonly position: string;
  readonly headPosition: string;
  /** Events not yet applied; counted up to LAG_COUNTED, which then stands for "that many or more". */
  readonly lagEvents: number;
  /** Age of the oldest event not yet applied. */
  readonly lagSeconds: number;
  readonly state: 'running' | 'paused';
  readonly error?: unknown;
}

export const LAG_COUNTED = 10_000;

/** Reads checkpoints and head. `now` in milliseconds since 1970. */
export async function projectionStatuses(
  sql: Sql,
  store: EventStore,
  prefixes: readonly string[],
  now: number,
): Promise<ProjectionStatus[]> {
  const { rows } = await sql.query(
    'select name, version, position, state, error from public.projection order by name',
  );
  const positions = (rows as { position: string }[]).map(({ position }) => BigInt(position));
  const lowest = positions.reduce((low, position) => (position < low ? position : low), MAX_POSITION);
  const head = await store.head(prefixes, lowest === MAX_POSITION ? -1n : lowest);
  return Promise.all(
    (
      rows as {
        name: string;
        version: number;
        position: string;
        state: 'running' | 'paused';
        error: unknown;
      }[]
    ).map(async (row) => {
      const position = BigInt(row.position);
      const behind =
        head && head.position > position ? await store.after(position, prefixes, LAG_COUNTED) : undefined;
      return {
        name: row.name,
        version: row.version,
        position: row.position,
        // The position moves past others' events too; then there is no newer one.
        headPosition: behind ? String(head!.position) : row.position,
        lagEvents: behind?.count ?? 0,
        lagSeconds: behind?.oldest ? Math.max(0, (now - behind.oldest.getTime()) / 1000) : 0,
        state: row.state,
        ...(row.error ? { error: row.error } : {}),
      };
    }),
  );
}
