import type { Query } from '#postgres';
import { BY_YEAR, counting, parameters, type Scope } from './counting.js';
import { totalsOf, type Totals, type TotalsRow } from './totals.js';

/** Totals of every calendar year that has an activity, by its number. */
export async function countYears(query: Query, scope: Scope): Promise<Map<string, Totals>> {
  const rows = await query<TotalsRow>(
    `with ${counting(scope, BY_YEAR)} select * from totals`,
    parameters(scope),
  );
  return new Map(rows.map((row) => [row.period, totalsOf(row)]));
}
