import type { Query } from '#postgres';
import { byPeriod, countCells } from './count-cells.js';
import { totalsOf, type Totals } from './report-figures.js';
import { everyYear, type Scope } from './selections.js';
import { countYearsAt } from './year-counts.js';

/** Totals of every calendar year that has an activity, by its number. */
export async function countYears(query: Query, scope: Scope): Promise<Map<string, Totals>> {
  const counts =
    scope.country === undefined
      ? await countYearsAt(query, scope, { detailed: [] })
      : byPeriod(await countCells(query, everyYear(scope, [])));
  const totals = [...counts].map(([year, each]) => [year, totalsOf(each, scope.bound.time)] as const);
  return new Map(totals.filter(([, { activities }]) => activities.total > 0));
}
