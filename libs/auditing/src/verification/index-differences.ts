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

/** Where an event was recorded that is now at another position, one of which the timeline of the index knows nothing. */
export async function findMoved(
  sql: Sql,
  { id, position }: Pick<StoredEvent, 'id' | 'position'>,
): Promise<Indexed | undefined> {
  const isElsewhere =
    'id = $1 and from_position <> $2 and not exists (select from audit.timeline where position = $2)';
  const [row] = await select(sql, isElsewhere, [id, String(position)]);
  return row;
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
