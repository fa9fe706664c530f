import {
  forbidden,
  missing,
  refuseState,
  unless,
  type Decider,
  type DecisionContext,
  type Refusal,
  type RefusalError,
} from '#shared-kernel';
import { evolve, type Activity, type ActivityFact } from './activity.js';
import { amend } from './amend.js';
import type { ActivityCommand, ActivityCommandData } from './commands.js';
import type { ActivityEvent } from './events.js';
import { settledCost, withCountry } from './parts.js';
import type { ActivityPolicy } from './policy.js';
import { costRule, datesRule, heldDates, heldRule, participationRule } from './rules.js';
import { transitions } from './transitions.js';

export type Decision = readonly ActivityEvent[] | Refusal;
type NewId = ActivityCommand['newId'];
type Change = Exclude<ActivityCommand, { type: 'plan' | 'log' }>;

/** An activity, by the rules of one office. Commands hold data that their schema has passed. */
export function activityDecider(
  policy: ActivityPolicy,
): Decider<Activity | undefined, ActivityCommand, ActivityFact> {
  return {
    initialState: undefined,
    evolve,
    decide(command, activity, context) {
      if (command.type === 'plan' || command.type === 'log') {
        if (activity) return alreadyThere(command.id, activity);
        return command.type === 'plan'
          ? unless(datesRule(command.data), { type: 'ActivityPlanned', data: command.data })
          : log(command.data, command.newId, context, policy);
      }
      if (!activity) return refuseState('ActivityNotFound', `there is no activity ${command.id}`);
      return (
        forbidden(command.type, 'an activity', activity.status, transitions[command.type]) ??
        change(command, activity, context, policy)
      );
    },
  };
}

function alreadyThere(id: string, { status }: Activity): Decision {
  return refuseState('ActivityExists', `the activity ${id} is recorded already and is ${status}`);
}

/** What happened already, with who took part and what it cost, as one whole. */
function log(
  { held: given, participations, costs, ...fields }: ActivityCommandData<'log'>,
  newId: NewId,
  { now }: DecisionContext,
  policy: ActivityPolicy,
): Decision {
  const held = heldDates(given ?? {}, fields);
  const settledCosts = costs.map(settledCost);
  const faults = [
    // Without dates of its own, what was held has the activity's: each fault is named once.
    ...(given ? datesRule(fields) : []),
    ...heldRule(held, now, given ? '/held' : ''),
    ...participations.flatMap((part, index) => participationRule(part, `/participations/${index}`)),
    ...settledCosts.flatMap((cost, index) => costRule(cost, `/costs/${index}`)),
  ];
  return unless<ActivityEvent>(
    faults,
    { type: 'ActivityLogged', data: { ...fields, held } },
    ...participations.map((part, index) => ({
      type: 'ParticipationRecorded' as const,
      data: { ...withCountry(part, policy), participationId: newId(index) },
    })),
    ...settledCosts.map((cost, index) => ({
      type: 'CostRecorded' as const,
      data: { ...cost, costId: newId(participations.length + index) },
    })),
  );
}

function change(
  command: Change,
  activity: Activity,
  { actor, now }: DecisionContext,
  policy: ActivityPolicy,
): Decision {
  switch (command.type) {
    case 'approve':
      return unless(fourEyesRule(activity, actor.id, policy), { type: 'ActivityApproved', data: {} });
    case 'reject':
      return [{ type: 'ActivityRejected', data: command.data }];
    case 'amend':
      return amend(command.data, activity, now);
    case 'reschedule':
      return unless(datesRule(command.data), { type: 'ActivityRescheduled', data: command.data });
    case 'postpone':
      return [{ type: 'ActivityPostponed', data: command.data }];
    case 'cancel':
      return [{ type: 'ActivityCancelled', data: command.data }];
    case 'reinstate':
      return [{ type: 'ActivityReinstated', data: command.data }];
    case 'hold': {
      // Only what was postponed lacks dates, and that cannot be approved as long as it does.
      const { startsOn, endsOn } = activity.described;
      const held = heldDates(command.data, { startsOn: startsOn!, endsOn });
      return unless(heldRule(held, now), { type: 'ActivityHeld', data: held });
    }
    case 'not-attended':
      return [{ type: 'ActivityNotAttended', data: command.data }];
    case 'after-activity-report':
      return [{ type: 'AfterActivityReportSubmitted', data: command.data }];
    case 'mark-duplicate':
      return unless(anotherRule(command.id, command.data.of), {
        type: 'ActivityMarkedDuplicate',
        data: command.data,
      });
    case 'nominate': {
      const nomination = { ...withCountry(command.data, policy), nominationId: command.newId(0) };
      return [{ type: 'ParticipantsNominated', data: nomination }];
    }
    case 'withdraw-nomination':
      return (
        missing('Nomination', activity.nominations, command.data.nominationId) ?? [
          { type: 'NominationWithdrawn', data: command.data },
        ]
      );
    case 'record-participation': {
      const participation = { ...withCountry(command.data, policy), participationId: command.newId(0) };
      return unless(participationRule(participation), { type: 'ParticipationRecorded', data: participation });
    }
    case 'correct-participation': {
      const participation = withCountry(command.data, policy);
      return (
        missing('Participation', activity.participations, participation.participationId) ??
        unless(participationRule(participation), { type: 'ParticipationCorrected', data: participation })
      );
    }
    case 'withdraw-participation':
      return (
        missing('Participation', activity.participations, command.data.participationId) ?? [
          { type: 'ParticipationWithdrawn', data: command.data },
        ]
      );
    case 'record-cost': {
      const cost = { ...settledCost(command.data), costId: command.newId(0) };
      return unless(costRule(cost), { type: 'CostRecorded', data: cost });
    }
    case 'correct-cost': {
      const cost = settledCost(command.data);
      return (
        missing('Cost', activity.costs, cost.costId) ??
        unless(costRule(cost), { type: 'CostCorrected', data: cost })
      );
    }
    case 'withdraw-cost':
      return (
        missing('Cost', activity.costs, command.data.costId) ?? [
          { type: 'CostWithdrawn', data: command.data },
        ]
      );
    default:
      return command satisfies never;
  }
}

function fourEyesRule(
  { proposedBy }: Activity,
  approver: string,
  { fourEyes }: ActivityPolicy,
): readonly RefusalError[] {
  if (!fourEyes || approver !== proposedBy) return [];
  return [{ code: 'ApproverIsProposer', message: `${approver} proposed it; someone else has to approve it` }];
}

function anotherRule(id: string, of: string): readonly RefusalError[] {
  if (id !== of) return [];
  const message = 'an activity cannot be a duplicate of itself';
  return [{ code: 'DuplicateOfItself', message, pointer: '/of' }];
}
