import { refuseState, type Refusal } from '#shared-kernel';
import { activityStatuses, type Activity, type ActivityStatus } from './activity.js';
import type { ActivityCommandType } from './commands.js';

/** Commands on an activity that is there already. */
export type ActivityChangeType = Exclude<ActivityCommandType, 'plan' | 'log'>;

interface Allowed {
  readonly from: readonly ActivityStatus[];
  /** Error code in every other state. */
  readonly otherwise: string;
}

const except = (...left: ActivityStatus[]) => activityStatuses.filter((status) => !left.includes(status));

const proposed: Allowed = { from: ['proposed'], otherwise: 'ActivityNotProposed' };
const approved: Allowed = { from: ['approved'], otherwise: 'ActivityNotApproved' };
const held: Allowed = { from: ['held'], otherwise: 'ActivityNotHeld' };
const scheduled: Allowed = { from: ['proposed', 'approved'], otherwise: 'ActivityNotScheduled' };
const ahead: Allowed = { from: ['proposed', 'approved', 'postponed'], otherwise: 'ActivityNotAhead' };
const notRejected: Allowed = { from: except('rejected'), otherwise: 'ActivityRejected' };

/** In which states each command is taken. */
export const transitions: Readonly<Record<ActivityChangeType, Allowed>> = {
  approve: proposed,
  reject: proposed,
  amend: { from: except('rejected', 'duplicate'), otherwise: 'ActivityOutOfCount' },
  reschedule: ahead,
  postpone: scheduled,
  cancel: ahead,
  reinstate: { from: ['cancelled', 'rejected', 'duplicate'], otherwise: 'ActivityNotCalledOff' },
  nominate: scheduled,
  'withdraw-nomination': scheduled,
  hold: approved,
  'not-attended': approved,
  'record-participation': held,
  'correct-participation': held,
  'withdraw-participation': held,
  'after-activity-report': held,
  'record-cost': notRejected,
  'correct-cost': notRejected,
  'withdraw-cost': notRejected,
  'mark-duplicate': { from: except('duplicate'), otherwise: 'ActivityDuplicate' },
};

/** Why the activity's state forbids the command; undefined when it does not. */
export function forbidden(type: ActivityChangeType, { status }: Activity): Refusal | undefined {
  const { from, otherwise } = transitions[type];
  if (from.includes(status)) return undefined;
  const states = `${from.slice(0, -1).join(', ')}${from.length > 1 ? ' or ' : ''}${from.at(-1)}`;
  return refuseState(otherwise, `${type} needs an activity that is ${states}; this one is ${status}`);
}
