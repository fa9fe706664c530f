import {
  lastDay,
  missing,
  realChanges,
  refuseState,
  unless,
  type Decider,
  type DecisionContext,
  type Refusal,
  type RefusalError,
} from '#shared-kernel';
import { notAheadRule } from '../../domain/dates.js';
import type { GoalCommand } from './commands.js';
import type { GoalEvent } from './events.js';
import type { AssessmentFields, AssessmentStatus } from './fields.js';
import { evolve, goalStatus, type Assessment, type Goal } from './goal.js';

type Decision = readonly GoalEvent[] | Refusal;
type Change = Exclude<GoalCommand, { type: 'propose' }>;

/** A partnership goal and its assessments. Commands hold data that their schema has passed. */
export const goalDecider: Decider<Goal | undefined, GoalCommand, GoalEvent> = {
  initialState: undefined,
  evolve,
  decide(command, goal, context) {
    if (command.type === 'propose') {
      if (goal) return alreadyThere(command.id, goal);
      const { proposedOn } = command.data;
      const faults = notAheadRule(proposedOn, context.now, 'ProposedInFuture', '/proposedOn');
      return unless(faults, { type: 'GoalProposed', data: command.data });
    }
    if (!goal) return refuseState('GoalNotFound', `there is no goal ${command.id}`);
    return change(command, goal, context);
  },
};

function alreadyThere(id: string, { assessments }: Goal): Refusal {
  return refuseState('GoalExists', `the goal ${id} is recorded already and is ${goalStatus(assessments)}`);
}

function change(command: Change, { described, assessments }: Goal, { now }: DecisionContext): Decision {
  const known = assessments.map(({ assessmentId }) => assessmentId);
  switch (command.type) {
    case 'amend': {
      const { reason: _, ...wanted } = command.data;
      const changes = realChanges(wanted, described);
      const faults = notAheadRule(changes.proposedOn ?? undefined, now, 'ProposedInFuture', '/proposedOn');
      if (Object.keys(changes).length === 0) return [];
      return unless(faults, { type: 'GoalAmended', data: { changes } });
    }
    case 'assess': {
      const assessment = { ...command.data, assessmentId: command.newId(0) };
      const faults = [...onRule(assessment, now), ...nothingLaterRule(assessment, assessments)];
      return closedBy(assessment, assessments) ?? unless(faults, { type: 'GoalAssessed', data: assessment });
    }
    case 'correct-assessment':
      return (
        missing('Assessment', known, command.data.assessmentId) ??
        unless(onRule(command.data, now), { type: 'AssessmentCorrected', data: command.data })
      );
    case 'withdraw-assessment':
      return (
        missing('Assessment', known, command.data.assessmentId) ?? [
          { type: 'AssessmentWithdrawn', data: command.data },
        ]
      );
    default:
      return command satisfies never;
  }
}

const onRule = ({ on }: AssessmentFields, now: string): readonly RefusalError[] =>
  notAheadRule(on, now, 'AssessedInFuture', '/on');

const closing: readonly AssessmentStatus[] = ['transferred', 'withdrawn'];

/** After a goal is transferred or withdrawn there is nothing more to assess; what is wrong before that is corrected. */
function closedBy({ on }: AssessmentFields, assessments: readonly Assessment[]): Refusal | undefined {
  const closed = assessments.find(
    (earlier) => closing.includes(earlier.status) && lastDay(earlier.on) <= lastDay(on),
  );
  if (!closed) return undefined;
  const message = `the goal is ${closed.status} since ${closed.on}; correct that first if it is wrong`;
  return refuseState('GoalClosed', message);
}

/** Nor can one be transferred or withdrawn by a date after which it was assessed. */
function nothingLaterRule(
  { on, status }: AssessmentFields,
  assessments: readonly Assessment[],
): readonly RefusalError[] {
  const later = assessments.find((known) => lastDay(known.on) > lastDay(on));
  if (!closing.includes(status) || !later) return [];
  const message = `the goal was ${later.status} on ${later.on}, after it would be ${status} on ${on}`;
  return [{ code: 'AssessedLater', message, pointer: '/on' }];
}
