import { holds, type Bound, type Query } from '#postgres';
import type { Period } from '../period.js';
import { NOT_KNOWN, NOT_RECORDED } from '../report.js';
import { byKey } from '../rows.js';

export const dialogueTables = ['byFormat', 'byLevel', 'byTopic', 'byMonth'] as const;
export type DialogueTable = (typeof dialogueTables)[number];

export interface SessionRow {
  readonly key: string;
  readonly planned: number;
  readonly held: number;
  readonly cancelled: number;
}

export interface FollowUpCounts {
  /** All, of sessions held in the period. */
  readonly agreed: number;
  readonly completed: number;
  readonly dropped: number;
  readonly open: number;
  /** Open ones that were due before the report's as-of time. */
  readonly overdue: number;
}

export interface DialogueCounts extends Readonly<Record<DialogueTable, readonly SessionRow[]>> {
  /** Held, with minutes or without. */
  readonly sessions: number;
  readonly planned: number;
  readonly cancelled: number;
  readonly followUps: FollowUpCounts;
}

const STATES = `count(*) filter (where status = 'scheduled') as planned,
  count(*) filter (where status in ('held', 'minuted')) as held, count(*) filter (where status = 'cancelled') as cancelled`;

type CountRow =
  | { readonly part: 'totals'; readonly row: Omit<SessionRow, 'key'> }
  | { readonly part: 'table'; readonly row: SessionRow & { readonly name: DialogueTable } }
  | { readonly part: 'followUps'; readonly row: FollowUpCounts };

/** The political dialogue of a period, in one statement. A session belongs to the period that holds its date, as activities do. */
export async function countDialogue(query: Query, bound: Bound, period: Period): Promise<DialogueCounts> {
  const rows = await query<CountRow>(
    `with session as materialized (
      select s.id, s.status, s.format, s.level, s.topics,
        case when to_char(s.earliest_date, 'YYYY-MM') = to_char(s.latest_date, 'YYYY-MM')
          then to_char(s.earliest_date, 'YYYY-MM') else '${NOT_KNOWN}' end as month
      from dialogue.session s
      where s.earliest_date >= $2::date and s.latest_date <= $3::date and ${holds(bound, 's')}
        and s.status <> 'withdrawn')
    select 'totals' as part, to_jsonb(t) as row from (select ${STATES} from session) t
    union all
    select 'table', to_jsonb(t) from (
      select name, coalesce(key, '${NOT_RECORDED}') as key, ${STATES}
      from session cross join lateral (
        values ('byFormat', format), ('byLevel', level), ('byMonth', month)
        union all
        select 'byTopic', topic from jsonb_array_elements_text(topics) topic
        union all
        select 'byTopic', null where topics = '[]') tables(name, key)
      group by 1, 2) t
    union all
    select 'followUps', to_jsonb(t) from (
      select count(*) as agreed, count(*) filter (where f.status = 'completed') as completed,
        count(*) filter (where f.status = 'dropped') as dropped, count(*) filter (where f.status = 'open') as open,
        count(*) filter (where f.status = 'open' and f.due_by < ($4::timestamptz at time zone 'UTC')::date) as overdue
      from session join dialogue.follow_up f on f.session_id = session.id and ${holds(bound, 'f')}
      where session.status in ('held', 'minuted')) t`,
    [bound.position, period.from, period.to, bound.time],
  );
  const row = <Part extends CountRow['part']>(part: Part) =>
    rows.find((found) => found.part === part)!.row as Extract<CountRow, { part: Part }>['row'];
  const { planned, held, cancelled } = row('totals');
  const { agreed, completed, dropped, open, overdue } = row('followUps');
  return {
    sessions: held,
    planned,
    cancelled,
    ...tablesOf(rows),
    followUps: { agreed, completed, dropped, open, overdue },
  };
}

function tablesOf(rows: readonly CountRow[]): Record<DialogueTable, SessionRow[]> {
  const counted = rows.flatMap(({ part, row }) => (part === 'table' ? [row] : [])).sort(byKey);
  const table = (of: DialogueTable) =>
    counted
      .filter(({ name }) => name === of)
      .map(({ key, planned, held, cancelled }) => ({ key, planned, held, cancelled }));
  return Object.fromEntries(dialogueTables.map((name) => [name, table(name)])) as Record<
    DialogueTable,
    SessionRow[]
  >;
}
