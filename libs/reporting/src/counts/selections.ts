import { holds, SqlParameters, type Bound } from '#postgres';
import type { Period } from '../period.js';
import type { Selection } from './count-cells.js';

/** Schema of the read model that serves. */
export const SERVING = 'activities';

/** What is counted: the state, and only activities in which `country` (ISO 3166-1 alpha-2) took part if it is given. */
export interface Scope {
  readonly bound: Bound;
  readonly country?: string;
  readonly schema?: string;
}

const YEAR = "to_char(a.earliest_start, 'YYYY')";

/** Labels of the periods whose own tables are counted too; those of all, if not given. */
type Detailed = readonly string[] | undefined;

/** Every activity, by calendar year. */
export function everyYear(scope: Scope, detailed?: Detailed): Selection {
  const parameters = new SqlParameters();
  const inState = state(scope, parameters);
  return {
    ...inState,
    columns: { ...inState.columns, period: YEAR },
    ...{ from: `${inState.schema}.activity a`, where: 'true' },
    detailed: isDetailed(detailed, parameters),
    values: parameters.values,
  };
}

/** Those of some periods, by label. */
export function inPeriods(scope: Scope, periods: readonly Period[], detailed?: Detailed): Selection {
  const parameters = new SqlParameters();
  const inState = state(scope, parameters);
  const labels = parameters.add(periods.map(({ label }) => label));
  const first = parameters.add(periods.map(({ from }) => from));
  const last = parameters.add(periods.map(({ to }) => to));
  // The days around them all are named apart, since an index serves those.
  const earliest = parameters.add(periods.map(({ from }) => from).sort()[0]);
  const latest = parameters.add(
    periods
      .map(({ to }) => to)
      .sort()
      .at(-1),
  );
  return {
    ...inState,
    columns: { ...inState.columns, period: 'period.label' },
    from: `${inState.schema}.activity a
      join unnest(${labels}::text[], ${first}::date[], ${last}::date[]) period(label, first, last)
      on a.earliest_start between period.first and period.last and a.latest_start <= period.last`,
    where: `a.earliest_start between ${earliest}::date and ${latest}::date`,
    detailed: isDetailed(detailed, parameters),
    values: parameters.values,
  };
}

function isDetailed(detailed: Detailed, parameters: SqlParameters): string {
  return detailed ? `period = any(${parameters.add(detailed)}::text[])` : 'true';
}

function state({ bound, country, schema = SERVING }: Scope, parameters: SqlParameters) {
  const position = parameters.add(bound.position);
  return {
    schema,
    holds: (t: string) => holds(bound, t, position),
    columns: { at: `${position}::bigint`, position: `${position}::bigint`, sign: '1' },
    ...(country === undefined ? {} : { country: `${parameters.add(country)}::text` }),
  };
}

/** An activity with a version that began or ended after the state at `before` and up to the one at `at`. */
export interface Touched {
  readonly id: string;
  readonly before: bigint;
  readonly at: bigint;
}

/**
 * What changed in activities, by calendar year: as they were before is taken away from what they are at `at`.
 * @param years only those, if given
 */
export function changed(
  schema: string,
  touched: readonly Touched[],
  years?: readonly string[],
  detailed?: Detailed,
): Selection {
  const parameters = new SqlParameters();
  const ids = parameters.add(touched.map(({ id }) => id));
  const before = parameters.add(touched.map((each) => String(each.before)));
  const at = parameters.add(touched.map((each) => String(each.at)));
  const holds = (t: string) => `${t}.from_position <= state.position and ${t}.to_position > state.position`;
  return {
    ...{ schema, few: true },
    from: `unnest(${ids}::uuid[], ${before}::bigint[], ${at}::bigint[]) touched(id, before, at)
      cross join lateral (values (touched.before, -1), (touched.at, 1)) state(position, sign)
      cross join lateral (select * from ${schema}.activity a where a.id = touched.id and ${holds('a')} offset 0) a`,
    where: years ? `${YEAR} = any(${parameters.add(years)}::text[])` : 'true',
    holds,
    columns: { at: 'touched.at', period: YEAR, position: 'state.position', sign: 'state.sign' },
    detailed: isDetailed(detailed, parameters),
    values: parameters.values,
  };
}
