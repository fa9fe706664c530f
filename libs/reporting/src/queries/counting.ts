import { holds, type Bound } from '#postgres';
import type { Period } from '../period.js';
import { NOT_KNOWN } from '../report.js';

/** What is counted: the state, and only activities in which `country` took part if it is given. */
export interface Scope {
  readonly bound: Bound;
  readonly country?: string;
}

export interface Placement {
  /** SQL that names the period an activity `a` belongs to. */
  readonly period: string;
  readonly from: string;
  readonly where: string;
}

/** Calendar years, whichever there are. */
export const BY_YEAR: Placement = {
  period: "to_char(a.earliest_start, 'YYYY')",
  from: 'activities.activity a',
  where: 'true',
};
/** The periods given as parameters. The days around them all are named apart, since an index serves those. */
export const IN_PERIODS: Placement = {
  period: 'period.label',
  from: `activities.activity a join unnest($4::text[], $5::date[], $6::date[]) period(label, first, last)
    on a.earliest_start between period.first and period.last and a.latest_start <= period.last`,
  where: 'a.earliest_start between $7::date and $8::date',
};

const KEYS = ['kind', 'organiser_name', 'programme', 'area', 'role', 'place_country'];

/**
 * The activities that count, each with its period, and the participations in those held.
 * $1: position; $2: country or null; $3: as-of time; $4 to $6: the periods; $7, $8: the days around them.
 */
export function counting({ bound }: Scope, { period, from, where }: Placement): string {
  return `counted as materialized (
    select ${period} as period, a.id, a.status, a.latest_end, ${KEYS.map((key) => `a.${key}`).join(', ')},
      case when to_char(a.earliest_start, 'YYYY-MM') = to_char(a.latest_start, 'YYYY-MM')
        then to_char(a.earliest_start, 'YYYY-MM') else '${NOT_KNOWN}' end as month,
      case when length(a.held_starts_on) = 10 and length(a.held_ends_on) = 10
        then a.held_ends_on::date - a.held_starts_on::date + 1 end as days
    from ${from}
    where ${where} and ${holds(bound, 'a')} and a.status not in ('rejected', 'duplicate')
      and ($2::text is null or exists (select 1 from activities.participation p
        where p.activity_id = a.id and p.country = $2 and ${holds(bound, 'p')}))),
  taken as materialized (
    select c.period, c.days, c.month, ${KEYS.map((key) => `c.${key}`).join(', ')}, p.activity_id, p.country, p.institution, p.total, p.military, p.civilian, p.female, p.male
    from counted c join activities.participation p on p.activity_id = c.id and ${holds(bound, 'p')}
    where c.status = 'held' and ($2::text is null or p.country = $2)),
  totals as (
    select * from (
      select period, count(*) as total,
        count(*) filter (where status in ('proposed', 'approved')) as planned,
        count(*) filter (where status = 'held') as held,
        count(*) filter (where status = 'held' and id not in (select activity_id from taken)) as "heldNotRecorded",
        count(*) filter (where status = 'cancelled') as cancelled,
        count(*) filter (where status = 'postponed') as postponed,
        count(*) filter (where status = 'not-attended') as "notAttended",
        count(*) filter (where status in ('proposed', 'approved')
          and latest_end < ($3::timestamptz at time zone 'UTC')::date) as unresolved
      from counted group by period) activities
    left join (
      select period, sum(attendances) as attendances, sum(military) as military, sum(civilian) as civilian,
        sum(category) as "categoryNotRecorded", sum(female) as female, sum(male) as male,
        sum(gender) as "genderNotRecorded", sum(person_days) as "personDays",
        count(distinct country) as countries, count(distinct institution) as institutions
      from (
        select period, country, institution, sum(total) as attendances, sum(military) as military,
          sum(civilian) as civilian, sum(total - coalesce(military, 0) - coalesce(civilian, 0)) as category,
          sum(female) as female, sum(male) as male,
          sum(total - coalesce(female, 0) - coalesce(male, 0)) as gender, sum(total::bigint * days) as person_days
        from taken group by period, country, institution) delegations
      group by period) participation using (period))`;
}

/** Values of the parameters of `counting`. */
export function parameters({ bound, country }: Scope, periods?: readonly Period[]): unknown[] {
  const state = [bound.position, country ?? null, bound.time];
  if (!periods) return state;
  const [labels, first, last] = (['label', 'from', 'to'] as const).map((name) =>
    periods.map((of) => of[name]),
  );
  return [...state, labels, first, last, first!.toSorted()[0], last!.toSorted().at(-1)];
}
