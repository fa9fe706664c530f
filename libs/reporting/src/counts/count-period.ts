import type { Query } from '#postgres';
import { isCalendarYear, type Period } from '../period.js';
import type { CostRow, TableName, TableRow } from '../report.js';
import { byPeriod, countCells } from './count-cells.js';
import { Counts } from './counts.js';
import { costsOf, tablesOf, totalsOf, type Totals } from './report-figures.js';
import { inPeriods, type Scope } from './selections.js';
import { countYearsAt } from './year-counts.js';

/** What a report says of one period: its totals, those of the period before, its tables and costs. */
export interface PeriodCount {
  readonly current: Totals;
  readonly previous: Totals;
  readonly tables: Readonly<Record<TableName, readonly TableRow[]>>;
  readonly costs: readonly CostRow[];
}

/** Counts a period and, if there is one, that before it. Whole years of all countries are counted already, see countYearsAt. */
export async function countPeriod(
  query: Query,
  scope: Scope,
  period: Period,
  before: Period | undefined,
): Promise<PeriodCount> {
  const periods = before ? [period, before] : [period];
  const wanted = { years: periods.map(({ label }) => label), detailed: [period.label] };
  const counts =
    scope.country === undefined && periods.every(isCalendarYear)
      ? await countYearsAt(query, scope, wanted)
      : byPeriod(await countCells(query, inPeriods(scope, periods, wanted.detailed)));
  const current = counts.get(period.label) ?? new Counts();
  const previous = (before && counts.get(before.label)) ?? new Counts();
  const { time } = scope.bound;
  return {
    current: totalsOf(current, time),
    previous: totalsOf(previous, time),
    tables: tablesOf(current),
    costs: costsOf(current),
  };
}
