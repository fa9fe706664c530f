import type { Query } from '#postgres';
import { NOT_KNOWN } from '../report.js';
import { Counts, type Cell, type Part } from './counts.js';

/** Which activities are counted, in which state. All but `values` is SQL, over `from`. */
export interface Selection {
  /** Schema of the tables. */
  readonly schema: string;
  /** Has the activities as `a`. */
  readonly from: string;
  readonly where: string;
  /** The condition for versions of `t` that hold in the state that is counted; its position may be named `state.position`. */
  readonly holds: (t: string) => string;
  /** Columns of what is counted, as `a` and the state have them. */
  readonly columns: {
    /** Position of the state that it is counted for. */
    readonly at: string;
    /** Which period `a` belongs to. */
    readonly period: string;
    /** Position of the state that it is counted in. */
    readonly position: string;
    /** 1, or -1 for what is taken away. */
    readonly sign: string;
  };
  /** Few activities of all there are: what belongs to each is looked up by its index, whatever is known of the tables. */
  readonly few?: boolean;
  /** The condition for a period's own tables to be counted too, beside what its totals are made of. */
  readonly detailed: string;
  /** Parameter with a country: only activities in which it took part, and only its participation. */
  readonly country?: string;
  readonly values: readonly unknown[];
}

/** What is counted of a period for the state at a position. */
export interface Counted {
  readonly at: bigint;
  readonly period: string;
  readonly cell: Cell;
}

/** Counts in one statement. Everything that reports count of activities is counted here. */
export async function countCells(query: Query, selection: Selection): Promise<Counted[]> {
  const rows = await query<CellRow>(`with ${counting(selection)} ${cells(selection)}`, [...selection.values]);
  return rows.map(({ at, period, part, keys, figures }) => ({
    ...{ at: BigInt(at), period },
    cell: [part, keys, figures],
  }));
}

/** The cells of each period together. */
export function byPeriod(counted: readonly Counted[]): Map<string, Counts> {
  const periods = new Map<string, Counts>();
  for (const { period, cell } of counted) {
    const counts = periods.get(period) ?? new Counts();
    periods.set(period, counts);
    counts.add(cell);
  }
  return periods;
}

interface CellRow {
  readonly at: string;
  readonly period: string;
  readonly part: Part;
  readonly keys: (string | null)[];
  readonly figures: number[];
}

const KEYS = ['kind', 'organiser_name', 'programme', 'area', 'role', 'place_country'];
const PLANNED = "status in ('proposed', 'approved')";

/** The activities that count, and the participations in those held. */
function counting(selection: Selection): string {
  const { schema, from, where, holds, columns, country } = selection;
  const tookPart = `exists (select 1 from ${schema}.participation p
      where p.activity_id = a.id and p.country = ${country} and ${holds('p')})`;
  return `counted as materialized (
    select ${columns.at} as at, ${columns.period} as period, ${columns.position} as position, ${columns.sign} as sign,
      a.id, a.status, a.latest_end, ${KEYS.map((key) => `a.${key}`).join(', ')},
      case when to_char(a.earliest_start, 'YYYY-MM') = to_char(a.latest_start, 'YYYY-MM')
        then to_char(a.earliest_start, 'YYYY-MM') else '${NOT_KNOWN}' end as month,
      case when length(a.held_starts_on) = 10 and length(a.held_ends_on) = 10
        then a.held_ends_on::date - a.held_starts_on::date + 1 end as days
    from ${from}
    where ${where} and ${holds('a')} and a.status not in ('rejected', 'duplicate') ${country ? `and ${tookPart}` : ''}),
  taken as materialized (
    select state.at, state.period, state.sign, state.days, state.month, ${KEYS.map((key) => `state.${key}`).join(', ')},
      p.activity_id, p.country, p.institution, p.total, p.military, p.civilian, p.female, p.male
    from counted state ${joined(selection, 'participation', 'p')}
    where state.status = 'held' ${country ? `and p.country = ${country}` : ''})`;
}

/** What holds of the parts of the activities in `state`. */
function joined({ schema, holds, few }: Selection, table: string, alias: string): string {
  const own = `${alias}.activity_id = state.id and ${holds(alias)}`;
  return few
    ? `cross join lateral (select * from ${schema}.${table} ${alias} where ${own} offset 0) ${alias}`
    : `join ${schema}.${table} ${alias} on ${own}`;
}

/**
 * In the tables a row's activities are those with its key; by country and institution they are those held with a
 * participation of it. Costs are those of every activity that counts, held or not.
 */
function cells(selection: Selection): string {
  const { detailed } = selection;
  const sum = (figure: string) => `sum(sign * ${figure})`;
  const where = (condition: string) => `sum(sign) filter (where ${condition})`;
  const figures = (...sums: string[]) =>
    `jsonb_build_array(${sums.map((each) => `coalesce(${each}, 0)`).join(', ')}) as figures`;
  const keys = [...KEYS, 'month'].join(', ');
  return `select at, period, 'activities' as part, '[]'::jsonb as keys, ${figures(
    'sum(sign)',
    where(PLANNED),
    where("status = 'held'"),
    where("status = 'held' and (id, at, sign) not in (select activity_id, at, sign from taken)"),
    where("status = 'cancelled'"),
    where("status = 'postponed'"),
    where("status = 'not-attended'"),
  )} from counted group by at, period
  union all
  select at, period, 'participation', '[]', ${figures(
    sum('total'),
    sum('military'),
    sum('civilian'),
    sum('(total - coalesce(military, 0) - coalesce(civilian, 0))'),
    sum('female'),
    sum('male'),
    sum('(total - coalesce(female, 0) - coalesce(male, 0))'),
    sum('total::bigint * days'),
  )} from taken group by at, period
  union all
  select at, period, 'plannedByEnd', jsonb_build_array(to_char(latest_end, 'YYYY-MM-DD')), ${figures('sum(sign)')}
  from counted where ${PLANNED} group by at, period, latest_end
  union all
  select at, period, part, jsonb_build_array(key), ${figures('sum(sign)', '0', 'sum(sign)', '0', sum('attendances'))}
  from (
    select at, period, sign, part, key, activity_id, sum(total) as attendances
    from taken cross join lateral (values ('byCountry', country), ('byInstitution', institution)) tables(part, key)
    group by at, period, sign, part, key, activity_id) delegations
  group by at, period, part, key
  union all
  select at, period, part, jsonb_build_array(key),
    ${figures('sum(n)', 'sum(planned)', 'sum(held)', 'sum(cancelled)', 'sum(attendances)')}
  from (
    -- Few rows with the same keys stand for many activities before each is put into every table.
    select at, period, ${keys}, sum(sign) as n, ${where(PLANNED)} as planned, ${where("status = 'held'")} as held,
      ${where("status = 'cancelled'")} as cancelled, sum(attendances) as attendances
    from (
      select at, period, ${keys}, status, sign, 0 as attendances from counted where ${detailed}
      union all
      select at, period, ${keys}, null, 0, sign * total from taken where ${detailed}) rows
    group by at, period, ${keys}) alike
  cross join lateral (values ('byKind', kind), ('byMonth', month), ('byOrganiser', organiser_name),
    ('byProgramme', programme), ('byArea', area), ('byRole', role), ('byVenueCountry', place_country)) tables(part, key)
  group by at, period, part, key
  union all
  select at, period, 'costs', jsonb_build_array(k.payer, k.currency), ${figures(
    'sum(sign)',
    "sum(sign * k.amount_minor) filter (where k.status = 'known')",
    "sum(sign) filter (where k.status = 'to-be-determined')",
  )}
  from counted state ${joined(selection, 'cost', 'k')}
  where ${detailed} group by at, period, k.payer, k.currency`;
}
