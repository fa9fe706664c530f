import type { Allowed } from '#shared-kernel';
import { activityStatuses, type ActivityStatus } from './activity.js';
import type { ActivityCommandType } from './commands.js';

/** Commands on an activity that is there already. */
export type ActivityChangeType = Exclude<ActivityCommandType, 'plan' | 'log'>;

const except = (...left: ActivityStatus[]) => activityStatuses.filter((status) => !left.includes(status));

const proposed: Allowed<ActivityStatus> = { from: ['proposed'], otherwise: 'ActivityNotProposed' };
const approved: Allowed<ActivityStatus> = { from: ['approved'], otherwise: 'ActivityNotApproved' };
const held: Allowed<ActivityStatus> = { from: ['held'], otherwise: 'ActivityNotHeld' };
const scheduled: Allowed<ActivityStatus> = {
  from: ['proposed', 'approved'],
  otherwise: 'ActivityNotScheduled',
};
const ahead: Allowed<ActivityStatus> = {
  from: ['proposed', 'approved', 'postponed'],
  otherwise: 'ActivityNotAhead',
};
const notRejected: Allowed<ActivityStatus> = { from: except('rejected'), otherwise: 'ActivityRejected' };

/** In which states each command is taken. */
export const transitions: Readonly<Record<ActivityChangeType, Allowed<ActivityStatus>>> = {
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
