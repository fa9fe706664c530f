import type { Sql, StoredEvent } from '#event-sourcing';
import type { Difference } from './replay.js';

/** What the index of events says stands at a position. */
export interface Indexed {
  readonly position: bigint;
  readonly id: string;
  readonly stream: string;
  readonly revision: bigint;
  readonly recordedAt: string;
  readonly created: Date;
  readonly hash: string | null;
}

interface IndexRow {
  readonly position: string;
  readonly id: string;
  readonly stream: string;
  readonly revision: string;
  readonly recorded_at: Date;
  readonly created: Date;
  readonly hash: string | null;
}

/** What the index says of the positions where it differs from the events. */
export async function readIndexed(
  sql: Sql,
  differences: readonly Difference[],
): Promise<ReadonlyMap<bigint, readonly Indexed[]>> {
  if (differences.length === 0) return new Map();
  const positions = differences.map(({ position }) => String(position));
  const indexed = new Map<bigint, Indexed[]>();
  for (const row of await select(sql, 'from_position = any($1)', [positions])) {
    indexed.set(row.position, [...(indexed.get(row.position) ?? []), row]);
  }
  return indexed;
}

/** Of events that are now at another position, one of which the timeline of the index knows nothing: where each was recorded, by id. */
export async function findMoved(
  sql: Sql,
  events: readonly Pick<StoredEvent, 'id' | 'position'>[],
): Promise<ReadonlyMap<string, Indexed>> {
  if (events.length === 0) return new Map();
  const positions = events.map(({ position }) => String(position));
  const { rows } = await sql.query('select position from audit.timeline where position = any($1)', [
    positions,
  ]);
  const known = new Set((rows as { position: string }[]).map(({ position }) => BigInt(position)));
  const unknown = new Map(
    events.filter(({ position }) => !known.has(position)).map((event) => [event.id, event]),
  );
  const indexed = await select(sql, 'id = any($1)', [[...unknown.keys()]]);
  return new Map(
    indexed.filter(({ id, position }) => position !== unknown.get(id)!.position).map((row) => [row.id, row]),
  );
}

async function select(sql: Sql, condition: string, values: unknown[]): Promise<Indexed[]> {
  const { rows } = await sql.query(
    `select from_position as position, id, stream, revision, recorded_at, created, hash
     from audit.event where ${condition}`,
    values,
  );
  return (rows as IndexRow[]).map(({ id, stream, created, hash, ...row }) => ({
    ...{ position: BigInt(row.position), id, stream, revision: BigInt(row.revision) },
    ...{ recordedAt: row.recorded_at.toISOString(), created, hash },
  }));
}
