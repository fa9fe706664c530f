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
  // Step by step through the indexes, whatever is known of the tables: with its positions written into it the statement would be
  // planned at every call, which takes most of its time. What has not ended is not in the index.
  const moved = COUNTED.flatMap(([table, id]) =>
    ['from_position', 'to_position'].map(
      (column) =>
        `select ${id} as id from ${schema}.${table}
         where ${column} > step.before and ${column} <= step.at and ${column} < 9223372036854775807`,
    ),
  );
  const rows = await query<{ id: string; before: string; at: string }>(
    `select distinct moved.id, step.before, step.at from unnest($1::bigint[], $2::bigint[]) step(before, at)
     cross join lateral (${moved.join(' union all ')}) moved`,
    [positions.slice(0, -1).map(String), positions.slice(1).map(String)],
  );
  return rows.map(({ id, before, at }) => ({ id, before: BigInt(before), at: BigInt(at) }));
}
