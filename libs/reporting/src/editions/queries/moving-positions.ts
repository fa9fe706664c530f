import type { Query } from '#postgres';
import type { PartName, ReportOf } from '../../queries/report-parts.js';

/** A position at which something began or ceased to hold that a report may count, and the part of the report that may move. */
export interface MovingPosition {
  readonly position: string;
  readonly part: PartName;
}

/** Activities with a version in the two years, whatever the others say: one may be moved into a year, or out of it. */
const ACTIVITIES = `select id from activities.activity where earliest_start between $3::date and $4::date`;
const SESSIONS = `select id from dialogue.session where earliest_date between $5::date and $4::date`;

/** Tables that reports are read from, with the condition for a version `t` to matter to the report. */
const TABLES: readonly (readonly [part: PartName, table: string, condition: string])[] = [
  ['activities', 'activity', 't.earliest_start between $3::date and $4::date'],
  ['activities', 'participation', `t.activity_id in (${ACTIVITIES})`],
  ['activities', 'cost', `t.activity_id in (${ACTIVITIES})`],
  ['dialogue', 'session', 't.earliest_date between $5::date and $4::date'],
  ['dialogue', 'follow_up', `t.session_id in (${SESSIONS})`],
  // Whether a period holds these depends on all of their dates, and those without any are counted too.
  ...['document', 'milestone', 'cycle', 'goal', 'assessment', 'contribution', 'segment'].map(
    (table) => ['partnership', table, 'true'] as const,
  ),
  ['reporting', 'edition', 't.year = extract(year from $3::date)'],
];

/**
 * Every position after `since` and up to `until` at which the report may have moved, in order. Each is the position of one
 * event; some move nothing after all.
 */
export function movingPositions(
  query: Query,
  { period, before }: ReportOf,
  since: string,
  until: string,
): Promise<MovingPosition[]> {
  const moved = TABLES.map(
    ([part, table, condition]) =>
      `select '${part}' as part, p.position from ${part}.${table} t
       cross join lateral (values (t.from_position), (t.to_position)) p(position)
       where p.position > $1::bigint and p.position <= $2::bigint and ${condition}`,
  );
  return query<MovingPosition>(
    `select distinct part, position from (${moved.join(' union all ')}) moved order by position`,
    [since, until, (before ?? period).from, period.to, period.from],
  );
}
