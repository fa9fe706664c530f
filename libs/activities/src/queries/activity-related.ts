import { sessionsLeadingTo, type LeadingSession } from '#dialogue';
import type { Bound, Query } from '#postgres';

/** The sessions of the dialogue that an activity came from; without any, nothing. */
export async function activityRelated(
  query: Query,
  bound: Bound,
  id: string,
): Promise<{ readonly dialogue?: readonly LeadingSession[] }> {
  const dialogue = await sessionsLeadingTo(query, bound, id);
  return dialogue.length > 0 ? { dialogue } : {};
}
