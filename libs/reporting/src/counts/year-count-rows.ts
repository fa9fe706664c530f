import type { Query } from '#postgres';
import { countCells } from './count-cells.js';
import { tableParts, totalParts, type Cell, type Counts } from './counts.js';
import { changed } from './selections.js';
import { touchedBetween } from './touched.js';
import { countsOf } from './year-counts.js';

/** Marks gone on by at once. */
export const STEPS = 20;

export interface YearCountRow {
  readonly year: string;
  readonly position: bigint;
  readonly totals: readonly Cell[];
  readonly tables: readonly Cell[];
}

/**
 * The rows of the marks after the first.
 * @param years as they are counted at the first mark; moved on to the last
 */
export async function rowsFrom(
  query: Query,
  schema: string,
  years: Map<string, Counts>,
  marks: readonly bigint[],
): Promise<YearCountRow[]> {
  const touched = await touchedBetween(query, schema, marks);
  const moved = new Map<bigint, Map<string, Counts>>(marks.map((mark) => [mark, new Map()]));
  for (const { at, period, cell } of await countCells(query, changed(schema, touched)))
    countsOf(moved.get(at)!, period).add(cell);
  const rows: YearCountRow[] = [];
  for (const [position, changes] of moved) {
    for (const [year, change] of [...changes].sort(([one], [other]) => (one < other ? -1 : 1))) {
      if (change.isEmpty) continue;
      const counts = countsOf(years, year);
      for (const cell of change.sorted([...totalParts, ...tableParts])) counts.add(cell);
      rows.push({ year, position, totals: counts.sorted(totalParts), tables: counts.sorted(tableParts) });
    }
  }
  return rows;
}

/** Positions where marks stand after one, in their order, `most` at the most. */
export async function marksAfter(
  query: Query,
  schema: string,
  mark: bigint,
  { every, most, upTo }: { readonly every: number; readonly most: number; readonly upTo?: bigint },
): Promise<bigint[]> {
  const rows = await query<{ position: string }>(
    `select position from (
       select position, row_number() over (order by position) as nth from ${schema}.timeline
       where position > $1 and ($2::bigint is null or position <= $2) order by position limit $3) event
     where nth % $4 = 0 order by position`,
    [String(mark), upTo === undefined ? null : String(upTo), every * most, every],
  );
  return rows.map(({ position }) => BigInt(position));
}
