import { holds, type Bound, type Query } from '#postgres';

/** A session in which something was agreed that an activity does. */
export interface LeadingSession {
  readonly sessionId: string;
  readonly followUpId: string;
  readonly title: string;
  /** When it was held, else scheduled; as given. */
  readonly date: string;
}

/**
 * The sessions whose follow-ups name the activity, the earliest first, whatever has become of the follow-up since; not
 * those recorded by mistake. `query` and `bound`: of `readAsOf` with the projection `dialogue`.
 */
export function sessionsLeadingTo(
  query: Query,
  bound: Bound,
  activityId: string,
): Promise<readonly LeadingSession[]> {
  return query<LeadingSession>(
    `select s.id as "sessionId", f.id as "followUpId", s.title, coalesce(s.held_date, s.date) as date
     from dialogue.follow_up f join dialogue.session s on s.id = f.session_id and ${holds(bound, 's')}
     where f.activity_id = $2 and ${holds(bound, 'f')} and s.status <> 'withdrawn'
     order by s.earliest_date, s.id, f.id`,
    [bound.position, activityId],
  );
}
