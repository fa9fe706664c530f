import { decisionsOf } from '../../../testing/decisions.js';
import { goalCommandSchemas, type GoalCommandType } from '../commands.js';
import { goalDecider } from '../decide.js';
import type { GoalEvent } from '../events.js';
import { assessmentStatuses, type AssessmentStatus } from '../fields.js';
import type { GoalStatus } from '../goal.js';

export const GOAL = '00000000-0000-4000-8000-000000000001';
export const OTHER = '00000000-0000-4000-8000-000000000002';
/** The assessments that the histories bring along: the first, and the one that gave the status. */
export const FIRST = '00000000-0000-4000-8000-0000000000a1';
export const LAST = '00000000-0000-4000-8000-0000000000a2';

export const goal = decisionsOf(goalDecider, goalCommandSchemas, GOAL);

export const fields = { code: 'G 2713', title: 'Language training', branch: 'general' } as const;
const reason = 'misread';

/** Data with which each command is taken, where the state allows it. */
export const exampleData: Readonly<Record<GoalCommandType, object>> = {
  propose: fields,
  amend: { title: 'Language courses' },
  assess: { on: '2011', status: 'implemented', note: 'all of it' },
  'correct-assessment': { assessmentId: FIRST, on: '2009-06', status: 'in-progress', reason },
  'withdraw-assessment': { assessmentId: FIRST, reason },
};

export const proposed: readonly GoalEvent[] = [
  { type: 'GoalProposed', data: { ...fields, proposedOn: '2008', sources: [] } },
];

const assessed = (status: AssessmentStatus): readonly GoalEvent[] => [
  ...proposed,
  { type: 'GoalAssessed', data: { assessmentId: FIRST, on: '2009', status: 'accepted' } },
  { type: 'GoalAssessed', data: { assessmentId: LAST, on: '2010', status } },
];

/** What happened to a goal that is now in the state; accepted in 2009 and assessed so in 2010. */
export const historyOf = {
  proposed,
  ...Object.fromEntries(assessmentStatuses.map((status) => [status, assessed(status)])),
} as Readonly<Record<GoalStatus, readonly GoalEvent[]>>;
