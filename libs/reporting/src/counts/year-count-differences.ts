import type { SummaryDifference } from '#event-sourcing';
import type { Query } from '#postgres';
import type { Counts } from './counts.js';
import { marksAfter, rowsFrom, STEPS, type YearCountRow } from './year-count-rows.js';

/**
 * Makes all marks and rows again, each from what the one before should be, and compares the stored ones with them.
 * @param upTo position that the activities have reached
 * @param every events from one mark to the next
 */
export async function* yearCountDifferences(
  query: Query,
  schema: string,
  upTo: bigint,
  every: number,
): AsyncGenerator<SummaryDifference> {
  const newest = await newestStored(query, schema, upTo);
  const years = new Map<string, Counts>();
  let reached = -1n;
  let compared = BEFORE_ALL;
  while (reached < newest) {
    const next = await marksAfter(query, schema, reached, { every, most: STEPS, upTo });
    // A stored mark that is none of these stands before the next one, which then must be there as well.
    const marks = next.filter((_, index) => index === 0 || next[index - 1]! < newest);
    const to = marks.at(-1) ?? newest;
    const rows = await rowsFrom(query, schema, years, [reached, ...marks]);
    yield* compareMarks(marks, await storedMarks(query, schema, compared, to));
    yield* compareRows(rows, await storedRows(query, schema, compared, to));
    reached = compared = to;
  }
  yield* beyond(query, schema);
}

/** Less than any position. */
const BEFORE_ALL = -9223372036854775808n;

async function newestStored(query: Query, schema: string, upTo: bigint): Promise<bigint> {
  const [row] = await query<{ position: string }>(
    `select greatest(-1, (select max(position) from ${schema}.count_mark where position <= $1),
       (select max(position) from ${schema}.year_count where position <= $1)) as position`,
    [String(upTo)],
  );
  return BigInt(row!.position);
}

async function storedMarks(query: Query, schema: string, from: bigint, to: bigint): Promise<bigint[]> {
  const rows = await query<{ position: string }>(
    `select position from ${schema}.count_mark where position > $1 and position <= $2 order by position`,
    [String(from), String(to)],
  );
  return rows.map(({ position }) => BigInt(position));
}

async function storedRows(query: Query, schema: string, from: bigint, to: bigint): Promise<YearCountRow[]> {
  const rows = await query<Omit<YearCountRow, 'position'> & { position: string }>(
    `select year, position, totals, tables from ${schema}.year_count where position > $1 and position <= $2
     order by position, year`,
    [String(from), String(to)],
  );
  return rows.map((row) => ({ ...row, position: BigInt(row.position) }));
}

function* compareMarks(expected: readonly bigint[], stored: readonly bigint[]): Generator<SummaryDifference> {
  const there = new Set(stored);
  for (const mark of expected) if (!there.delete(mark)) yield markFault(mark, 'missing');
  for (const mark of there) yield markFault(mark, 'unexpected');
}

function* compareRows(
  expected: readonly YearCountRow[],
  stored: readonly YearCountRow[],
): Generator<SummaryDifference> {
  const there = new Map(stored.map((row) => [`${row.position} ${row.year}`, row]));
  for (const row of expected) {
    const name = `${row.position} ${row.year}`;
    const found = there.get(name);
    there.delete(name);
    if (!found) yield rowFault(row, 'missing');
    else {
      const columns = (['totals', 'tables'] as const).filter(
        (column) => JSON.stringify(found[column]) !== JSON.stringify(row[column]),
      );
      if (columns.length > 0) yield rowFault(row, 'different', columns);
    }
  }
  for (const row of there.values()) yield rowFault(row, 'unexpected');
}

/** Where the activities have not come yet. In one statement, since they go on meanwhile. */
async function* beyond(query: Query, schema: string): AsyncGenerator<SummaryDifference> {
  const rows = await query<{ year: string | null; position: string }>(
    `select year, position from (
       select null as year, position from ${schema}.count_mark
       union all select year, position from ${schema}.year_count) stored
     where position > (select position from public.projection where name = $1)`,
    [schema],
  );
  for (const { year, position } of rows) {
    if (year === null) yield markFault(BigInt(position), 'unexpected');
    else yield rowFault({ year, position: BigInt(position) }, 'unexpected');
  }
}

type Fault = SummaryDifference['fault'];

const markFault = (position: bigint, fault: Fault): SummaryDifference => ({
  ...{ table: 'count_mark', key: [String(position)] },
  ...{ fromPosition: position, position, fault, columns: [] },
});

const rowFault = (
  { year, position }: Pick<YearCountRow, 'year' | 'position'>,
  fault: Fault,
  columns: readonly string[] = [],
): SummaryDifference => ({
  ...{ table: 'year_count', key: [year, String(position)] },
  ...{ fromPosition: position, position, fault, columns },
});
