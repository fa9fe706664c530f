import { isRefusal, type Actor, type DecisionContext } from '#shared-kernel';
import type { Activity, ActivityFact, ActivityStatus } from '../activity.js';
import { activityCommandSchemas, type ActivityCommand, type ActivityCommandType } from '../commands.js';
import { activityDecider } from '../decide.js';
import type { ActivityEvent } from '../events.js';

export const ACTIVITY = '00000000-0000-4000-8000-000000000001';
export const OTHER = '00000000-0000-4000-8000-000000000002';
/** Parts that `given` brings along. */
export const NOMINATION = '00000000-0000-4000-8000-0000000000a1';
export const PARTICIPATION = '00000000-0000-4000-8000-0000000000a2';
export const COST = '00000000-0000-4000-8000-0000000000a3';
export const UNKNOWN = '00000000-0000-4000-8000-0000000000ff';

export const proposer: Actor = { id: 'staff-1', roles: [] };
export const approver: Actor = { id: 'staff-2', roles: [] };
export const NOW = '2026-06-15T09:00:00.000Z';
export const office = { fourEyes: true, partnerCountry: 'AZ' };

export const newId = (ordinal: number) =>
  `00000000-0000-4000-8000-0000000001${String(ordinal).padStart(2, '0')}`;

/** A command with data as a client gives it: checked and completed by the command's schema. */
export function command<Type extends ActivityCommandType>(type: Type, data: object = {}): ActivityCommand {
  return {
    type,
    id: ACTIVITY,
    data: activityCommandSchemas[type].parse(data),
    newId,
  } as ActivityCommand;
}

export const fields = {
  title: 'Winter course',
  kind: 'course',
  programme: 'ipcp',
  role: 'participant',
  startsOn: '2026-05-11',
  endsOn: '2026-05-15',
} as const;

/** Data with which each command is taken, where the state allows it. */
export const exampleData: { readonly [Type in ActivityCommandType]: object } = {
  plan: fields,
  log: fields,
  approve: {},
  reject: { reason: 'no places' },
  amend: { title: 'Summer course' },
  reschedule: { startsOn: '2026-06-01', endsOn: '2026-06-05', reason: 'hall not free' },
  postpone: { reason: 'hall not free' },
  cancel: { reasonCode: 'host', note: 'host withdrew' },
  reinstate: { reason: 'host found money' },
  nominate: { institution: 'Academy', count: 3 },
  'withdraw-nomination': { nominationId: NOMINATION },
  hold: {},
  'record-participation': { institution: 'Academy', total: 5, military: 3, civilian: 2 },
  'correct-participation': { participationId: PARTICIPATION, total: 6, reason: 'miscounted' },
  'withdraw-participation': { participationId: PARTICIPATION, reason: 'entered twice' },
  'record-cost': { payer: 'Host', amountMinor: 120_000, currency: 'EUR' },
  'correct-cost': { costId: COST, payer: 'Host', reason: 'not settled yet' },
  'withdraw-cost': { costId: COST, reason: 'entered twice' },
  'not-attended': { reason: 'visa came late' },
  'after-activity-report': { summary: 'Useful.', lessons: ['Apply early'] },
  'mark-duplicate': { of: OTHER, reason: 'planned twice' },
};

export function example<Type extends ActivityCommandType>(type: Type): ActivityCommand {
  return command(type, exampleData[type]);
}

export const by = (actor: Actor, event: ActivityEvent): ActivityFact => ({ ...event, metadata: { actor } });

const plan = activityCommandSchemas.plan.parse(fields);
const planned = by(proposer, { type: 'ActivityPlanned', data: plan });
const approved = by(approver, { type: 'ActivityApproved', data: {} });
const nominated = by(proposer, {
  type: 'ParticipantsNominated',
  data: { nominationId: NOMINATION, institution: 'Academy', country: 'AZ', count: 3 },
});
const held = by(proposer, {
  type: 'ActivityHeld',
  data: { startsOn: fields.startsOn, endsOn: fields.endsOn },
});
const participated = by(proposer, {
  type: 'ParticipationRecorded',
  data: { participationId: PARTICIPATION, country: 'AZ', total: 5 },
});
const paid = by(proposer, {
  type: 'CostRecorded',
  data: { costId: COST, payer: 'Host', status: 'known', amountMinor: 100, currency: 'EUR' },
});

/** What happened to an activity that is now in the state; with a nomination, a cost and, if held, a participation. */
export const historyOf: { readonly [Status in ActivityStatus]: readonly ActivityFact[] } = {
  proposed: [planned, nominated, paid],
  approved: [planned, nominated, paid, approved],
  held: [planned, nominated, paid, approved, held, participated],
  rejected: [planned, nominated, paid, by(approver, { type: 'ActivityRejected', data: { reason: 'no' } })],
  postponed: [
    planned,
    nominated,
    paid,
    approved,
    by(proposer, { type: 'ActivityPostponed', data: { reason: 'ice' } }),
  ],
  cancelled: [
    planned,
    nominated,
    paid,
    approved,
    by(proposer, { type: 'ActivityCancelled', data: { reasonCode: 'host' } }),
  ],
  'not-attended': [
    planned,
    nominated,
    paid,
    approved,
    by(proposer, { type: 'ActivityNotAttended', data: { reason: 'ill' } }),
  ],
  duplicate: [
    planned,
    nominated,
    paid,
    approved,
    by(proposer, { type: 'ActivityMarkedDuplicate', data: { of: OTHER, reason: 'twice' } }),
  ],
};

export const context = (actor: Actor = approver): DecisionContext => ({ actor, now: NOW });

/** given(history).when(command): what the decider answers. */
export function given(...history: readonly ActivityFact[]) {
  return {
    when: (asked: ActivityCommand, actor: Actor = approver, policy = office) =>
      activityDecider(policy).decide(asked, fold(history), context(actor)),
  };
}

export function fold(history: readonly ActivityFact[]): Activity | undefined {
  const { evolve, initialState } = activityDecider(office);
  return history.reduce<Activity | undefined>((state, event) => evolve(state, event), initialState);
}

/** `pointer code` of each broken rule; empty when the command is taken. */
export function broken(history: readonly ActivityFact[], asked: ActivityCommand, actor = approver): string[] {
  const decision = given(...history).when(asked, actor);
  if (!isRefusal(decision)) return [];
  if (decision.refused !== 'rule') throw new Error(JSON.stringify(decision));
  return decision.errors.map(({ code, pointer }) => `${pointer} ${code}`);
}

/** The events of a command that is taken. */
export function happens(history: readonly ActivityFact[], asked: ActivityCommand): readonly ActivityFact[] {
  const decision = given(...history).when(asked);
  if (isRefusal(decision)) throw new Error(JSON.stringify(decision));
  return decision;
}
