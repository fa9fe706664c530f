import { amended, isSame, realChanges, unless, type RefusalError } from '#shared-kernel';
import type { Activity, ActivityDescription } from './activity.js';
import type { ActivityCommandData } from './commands.js';
import type { Decision } from './decide.js';
import type { ActivityChanges } from './events.js';
import { datesRule, heldRule, type Dates } from './rules.js';

/** Records the fields that really change, if any does. `now`: RFC 3339 UTC. */
export function amend(
  { reason: _, held: wantedHeld, ...wanted }: ActivityCommandData<'amend'>,
  { described, held, status }: Activity,
  now: string,
): Decision {
  const changed = realChanges(wanted, described);
  const corrected = wantedHeld && held && correctedDates(wantedHeld, held);
  const changes = corrected && !isSame(corrected, held) ? { ...changed, held: corrected } : changed;
  const faults = [
    ...changedDatesRule(changed, described),
    ...(wantedHeld && !held ? notHeldYet(status) : []),
    ...('held' in changes ? heldRule(corrected!, now, '/held') : []),
  ];
  if (faults.length === 0 && Object.keys(changes).length === 0) return [];
  return unless(faults, { type: 'ActivityAmended', data: { changes } });
}

function correctedDates(
  { startsOn, endsOn }: NonNullable<ActivityCommandData<'amend'>['held']>,
  held: Dates,
): Dates {
  const end = endsOn === undefined ? held.endsOn : (endsOn ?? undefined);
  return { startsOn: startsOn ?? held.startsOn, ...(end ? { endsOn: end } : {}) };
}

function notHeldYet(status: string): readonly RefusalError[] {
  const message = `it is ${status}: only an activity that was held has dates it was held on`;
  return [{ code: 'NotHeldYet', message, pointer: '/held' }];
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
