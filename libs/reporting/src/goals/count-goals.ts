import { holds, type Bound, type Query } from '#postgres';
import type { Period } from '../period.js';
import { byKey } from '../rows.js';

export interface GoalCounts {
  /** Those that something dated shows to have been there by the period's end. */
  readonly total: number;
  /** By their status at the period's end. */
  readonly byStatus: readonly { readonly key: string; readonly goals: number }[];
  /** Assessments made in the period. */
  readonly assessed: number;
  /** Goals without any date: no period can be said to hold them. */
  readonly undated: number;
}

/** First day that the date of assessment `a`, of whatever precision, may mean. */
const FIRST_DAY = "(a.on_date || right('-01-01', 10 - length(a.on_date)))::date";

/** Partnership goals as they stood at the end of a period: each by its last assessment until then, before the first as proposed. */
export async function countGoals(query: Query, bound: Bound, period: Period): Promise<GoalCounts> {
  const rows = await query<{ part: 'status' | 'assessed' | 'undated'; key: string | null; goals: string }>(
    `with goal as (
      select g.id, g.proposed_by_day, last.status,
        exists (select 1 from partnership.assessment a where a.goal_id = g.id and ${holds(bound, 'a')}) as assessed
      from partnership.goal g
      left join lateral (
        select a.status from partnership.assessment a
        where a.goal_id = g.id and ${holds(bound, 'a')} and a.latest <= $3::date
        order by a.latest desc, a.ordinal desc limit 1) last on true
      where ${holds(bound, 'g')})
    select 'status' as part, coalesce(status, 'proposed') as key, count(*) as goals from goal
    where status is not null or proposed_by_day <= $3::date group by 2
    union all
    select 'undated', null, count(*) from goal where proposed_by_day is null and not assessed
    union all
    select 'assessed', null, count(*) from partnership.assessment a
    where ${holds(bound, 'a')} and a.latest <= $3::date and ${FIRST_DAY} >= $2::date`,
    [bound.position, period.from, period.to],
  );
  const count = (part: string) => Number(rows.find((row) => row.part === part)?.goals ?? 0);
  const byStatus = rows
    .flatMap(({ part, key, goals }) => (part === 'status' ? [{ key: key!, goals: Number(goals) }] : []))
    .sort(byKey);
  return {
    total: byStatus.reduce((sum, { goals }) => sum + goals, 0),
    byStatus,
    assessed: count('assessed'),
    undated: count('undated'),
  };
}
