import type { Sql } from '#event-sourcing';
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
  const { rows } = await sql.query(
    `select from_position as position, id, stream, revision, recorded_at, created, hash
     from audit.event where from_position = any($1)`,
    [differences.map(({ position }) => String(position))],
  );
  const indexed = new Map<bigint, Indexed[]>();
  for (const row of rows as IndexRow[]) {
    const position = BigInt(row.position);
    const one = {
      ...{ position, id: row.id, stream: row.stream, revision: BigInt(row.revision) },
      ...{ recordedAt: row.recorded_at.toISOString(), created: row.created, hash: row.hash },
    };
    indexed.set(position, [...(indexed.get(position) ?? []), one]);
  }
  return indexed;
}
