import type { Query } from '#postgres';
import { calendarYear } from '../period.js';
import { byPeriod, countCells } from './count-cells.js';
import { Counts, type Cell } from './counts.js';
import { changed, everyYear, inPeriods, SERVING, type Scope } from './selections.js';
import { touchedBetween } from './touched.js';

/** Calendar years by their numbers, all that have something to count if not given; `detailed`: whose own tables are wanted too. */
export interface Wanted {
  readonly years?: readonly string[];
  readonly detailed?: readonly string[];
}

/** Events since a mark that a report looks at one by one. Where there are more, the marks are far behind. */
const FOLLOWED = 2_048;

/**
 * Counts of calendar years in a state: those kept at the newest mark before it, and what the events since have changed. So it
 * costs the same however much is recorded. Where the marks are far behind, the activities are counted instead.
 */
export async function countYearsAt(
  query: Query,
  scope: Omit<Scope, 'country'>,
  { years, detailed }: Wanted,
  followed = FOLLOWED,
): Promise<Map<string, Counts>> {
  const { bound, schema = SERVING } = scope;
  const { mark, following } = await sinceNewestMark(query, schema, bound.position, followed + 1);
  if (following > followed) {
    const selection = years
      ? inPeriods(
          scope,
          years.map((year) => calendarYear(Number(year))),
          detailed,
        )
      : everyYear(scope, detailed);
    return byPeriod(await countCells(query, selection));
  }
  const counts = await keptAt(query, schema, mark, { years, detailed });
  const touched = following > 0 ? await touchedBetween(query, schema, [mark, BigInt(bound.position)]) : [];
  if (touched.length > 0) {
    for (const { period, cell } of await countCells(query, changed(schema, touched, years, detailed)))
      countsOf(counts, period).add(cell);
  }
  return counts;
}

/** The newest mark up to a position; -1 if there is none. */
export async function newestMark(query: Query, schema: string, upTo: string): Promise<bigint> {
  const [row] = await query<{ position: string }>(
    `select coalesce(max(position), -1) as position from ${schema}.count_mark where position <= $1`,
    [upTo],
  );
  return BigInt(row!.position);
}

/** The newest mark up to a position, and how many events follow it up to there: `most` at the most. */
async function sinceNewestMark(
  query: Query,
  schema: string,
  upTo: string,
  most: number,
): Promise<{ mark: bigint; following: number }> {
  const [row] = await query<{ mark: string; following: number }>(
    `select mark, (select count(*)::integer from (
         select from ${schema}.timeline where position > mark and position <= $1 limit $2) event) as following
     from (select coalesce(max(position), -1) as mark from ${schema}.count_mark where position <= $1) newest`,
    [upTo, most],
  );
  return { mark: BigInt(row!.mark), following: row!.following };
}

/** What is kept of years, as it holds at a mark: of each its newest row up to there. */
export async function keptAt(
  query: Query,
  schema: string,
  mark: bigint,
  { years, detailed }: Wanted = {},
): Promise<Map<string, Counts>> {
  const rows = await query<{ year: string; totals: Cell[]; tables: Cell[] | null }>(
    `with recursive known(year) as (
       (select min(year) from ${schema}.year_count)
       union all
       select (select min(c.year) from ${schema}.year_count c where c.year > known.year) from known
       where known.year is not null)
     select kept.year, kept.totals, case when $3::text[] is null or kept.year = any($3) then kept.tables end as tables
     from known cross join lateral (
       select c.year, c.totals, c.tables from ${schema}.year_count c
       where c.year = known.year and c.position <= $1 order by c.position desc limit 1) kept
     where $2::text[] is null or known.year = any($2)`,
    [String(mark), years ?? null, detailed ?? null],
  );
  return new Map(
    rows.map(({ year, totals, tables }) => [year, new Counts([...totals, ...(tables ?? [])])] as const),
  );
}

export function countsOf(years: Map<string, Counts>, year: string): Counts {
  const counts = years.get(year) ?? new Counts();
  years.set(year, counts);
  return counts;
}
