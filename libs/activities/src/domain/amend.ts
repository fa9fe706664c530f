import { amended, realChanges, unless, type RefusalError } from '#shared-kernel';
import type { Activity, ActivityDescription } from './activity.js';
import type { ActivityCommandData } from './commands.js';
import type { Decision } from './decide.js';
import type { ActivityChanges } from './events.js';
import { correctHeld, datesRule } from './rules.js';

/** Records the fields that really change, if any does. `now`: RFC 3339 UTC. */
export function amend(
  { reason: _, held: wantedHeld, ...wanted }: ActivityCommandData<'amend'>,
  activity: Activity,
  now: string,
): Decision {
  const changed = realChanges(wanted, activity.described);
  const corrected = correctHeld(wantedHeld, activity, now);
  const changes = { ...changed, ...corrected.changes };
  const faults = [...changedDatesRule(changed, activity.described), ...corrected.faults];
  if (faults.length === 0 && Object.keys(changes).length === 0) return [];
  return unless(faults, { type: 'ActivityAmended', data: { changes } });
}

function changedDatesRule(changes: ActivityChanges, described: ActivityDescription): readonly RefusalError[] {
  const changed = (['startsOn', 'endsOn'] as const).filter((field) => field in changes);
  if (changed.length === 0) return [];
  const { startsOn, endsOn } = amended(described, changes);
  if (described.startsOn === undefined || startsOn === undefined) {
    const message = 'it is postponed and has no dates until it is rescheduled';
    return changed.map((field) => ({ code: 'DatesPostponed', message, pointer: `/${field}` }));
  }
  return datesRule({ startsOn, endsOn });
}
