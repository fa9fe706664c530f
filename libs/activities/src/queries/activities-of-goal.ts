import { known } from '#aggregates';
import { holds, type Bound, type Query } from '#postgres';

/** An activity as a goal names it. */
export interface ActivityOfGoal {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  /** When it really began, else as planned; absent while it is postponed. */
  readonly startsOn?: string;
}

/** Activities that name the goal, the earliest first, in the state that is bound. Reads the activities projection. */
export async function activitiesOfGoal(
  query: Query,
  bound: Bound,
  goalId: string,
): Promise<readonly ActivityOfGoal[]> {
  const rows = await query<Record<string, unknown>>(
    `select a.id, a.title, a.status, coalesce(a.held_starts_on, a.starts_on) as "startsOn"
     from activities.activity a where ${holds(bound, 'a')} and a.goal_ids @> $2::jsonb
     order by a.earliest_start, a.id`,
    [bound.position, JSON.stringify([goalId])],
  );
  return rows.map((row) => known(row) as unknown as ActivityOfGoal);
}
