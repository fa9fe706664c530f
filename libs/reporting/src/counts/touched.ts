import type { Query } from '#postgres';
import type { Touched } from './selections.js';

/** The tables whose rows are counted, with the column that names the activity. */
const COUNTED = [
  ['activity', 'id'],
  ['participation', 'activity_id'],
  ['cost', 'activity_id'],
] as const;

/**
 * The activities of which something began or ended after the first of these positions, in the step from one to the next in
 * which it did. One that is touched in several steps comes once for each.
 * @param positions ascending
 */
export async function touchedBetween(
  query: Query,
  schema: string,
  positions: readonly bigint[],
): Promise<Touched[]> {
  // Bounds as literals, so that the plan goes by how few rows lie between them. What has not ended is not in the index.
  const [from, to] = [positions[0], positions.at(-1)];
  const moved = COUNTED.flatMap(([table, id]) =>
    ['from_position', 'to_position'].map(
      (column) =>
        `select ${id} as id, ${column} as position from ${schema}.${table}
         where ${column} > ${from} and ${column} <= ${to} and ${column} < 9223372036854775807`,
    ),
  );
  const rows = await query<{ id: string; before: string; at: string }>(
    `select distinct id, before, at from (${moved.join(' union all ')}) moved
     join unnest($1::bigint[], $2::bigint[]) step(before, at) on position > before and position <= at`,
    [positions.slice(0, -1).map(String), positions.slice(1).map(String)],
    { once: true },
  );
  return rows.map(({ id, before, at }) => ({ id, before: BigInt(before), at: BigInt(at) }));
}
