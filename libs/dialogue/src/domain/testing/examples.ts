import { isRefusal } from '#shared-kernel';
import { dialogueCommandSchemas, type DialogueCommand, type DialogueCommandType } from '../commands.js';
import { dialogueDecider } from '../decide.js';
import type { Dialogue, DialogueStatus } from '../dialogue.js';
import type { DialogueEvent } from '../events.js';

export const SESSION = '00000000-0000-4000-8000-000000000001';
export const ACTIVITY = '00000000-0000-4000-8000-000000000002';
export const OTHER_ACTIVITY = '00000000-0000-4000-8000-000000000003';
/** Follow-ups that `historyOf` brings along where the session was held: the first open, the others done with. */
export const OPEN = '00000000-0000-4000-8000-0000000000a1';
export const COMPLETED = '00000000-0000-4000-8000-0000000000a2';
export const DROPPED = '00000000-0000-4000-8000-0000000000a3';
export const UNKNOWN = '00000000-0000-4000-8000-0000000000ff';

export const NOW = '2026-06-15T09:00:00.000Z';

export const newId = (ordinal: number) =>
  `00000000-0000-4000-8000-0000000001${String(ordinal).padStart(2, '0')}`;

/** A command with data as a client gives it: checked and completed by the command's schema. */
export function command<Type extends DialogueCommandType>(type: Type, data: object = {}): DialogueCommand {
  return { type, id: SESSION, data: dialogueCommandSchemas[type].parse(data), newId } as DialogueCommand;
}

export const fields = {
  title: 'Political committee with the partner',
  format: 'pfp-committee',
  date: '2026-05-11',
  endDate: '2026-05-12',
} as const;

/** Data with which each command is taken, where the state allows it. */
export const exampleData: { readonly [Type in DialogueCommandType]: object } = {
  schedule: fields,
  log: fields,
  amend: { title: 'Committee with the partner' },
  hold: {},
  cancel: { reason: 'no quorum' },
  minutes: { summary: 'Agreed.', decisions: ['Meet again'], reason: 'typed anew' },
  withdraw: { reason: 'entered twice' },
  reinstate: { reason: 'it was another one' },
  'agree-follow-up': { text: 'Draft the plan', owner: 'Ministry of Defence', dueOn: '2026-09' },
  'amend-follow-up': { followUpId: OPEN, dueOn: '2026-10' },
  'complete-follow-up': { followUpId: OPEN, on: '2026-06-01', activityId: ACTIVITY, note: 'sent' },
  'drop-follow-up': { followUpId: OPEN, reason: 'overtaken' },
};

export function example<Type extends DialogueCommandType>(type: Type): DialogueCommand {
  return command(type, exampleData[type]);
}

const scheduled: DialogueEvent = {
  type: 'DialogueSessionScheduled',
  data: dialogueCommandSchemas.schedule.parse(fields),
};
const agreed = (followUpId: string): DialogueEvent => ({
  type: 'FollowUpAgreed',
  data: { followUpId, text: 'Draft the plan', owner: 'Ministry of Defence', dueOn: '2026-06-14' },
});
const held: readonly DialogueEvent[] = [
  scheduled,
  { type: 'DialogueSessionHeld', data: { date: fields.date, endDate: fields.endDate } },
  agreed(OPEN),
  agreed(COMPLETED),
  { type: 'FollowUpCompleted', data: { followUpId: COMPLETED } },
  agreed(DROPPED),
  { type: 'FollowUpDropped', data: { followUpId: DROPPED, reason: 'overtaken' } },
];
const minuted: readonly DialogueEvent[] = [
  ...held,
  { type: 'MinutesRecorded', data: { summary: 'Agreed.', decisions: [] } },
];

/** What happened to a session that is now in the state; with three follow-ups if it was held. */
export const historyOf: { readonly [Status in DialogueStatus]: readonly DialogueEvent[] } = {
  scheduled: [scheduled],
  held,
  minuted,
  cancelled: [scheduled, { type: 'DialogueSessionCancelled', data: { reason: 'no quorum' } }],
  withdrawn: [...minuted, { type: 'DialogueSessionWithdrawn', data: { reason: 'entered twice' } }],
};

/** given(history).when(command): what the decider answers. */
export function given(...history: readonly DialogueEvent[]) {
  const context = { actor: { id: 'staff-1', roles: [] }, now: NOW };
  return { when: (asked: DialogueCommand) => dialogueDecider.decide(asked, fold(history), context) };
}

export function fold(history: readonly DialogueEvent[]): Dialogue | undefined {
  const { evolve, initialState } = dialogueDecider;
  return history.reduce<Dialogue | undefined>((state, event) => evolve(state, event), initialState);
}

/** `pointer code` of each broken rule; empty when the command is taken. */
export function broken(history: readonly DialogueEvent[], asked: DialogueCommand): string[] {
  const decision = given(...history).when(asked);
  if (!isRefusal(decision)) return [];
  if (decision.refused !== 'rule') throw new Error(JSON.stringify(decision));
  return decision.errors.map(({ code, pointer }) => `${pointer} ${code}`);
}

/** The events of a command that is taken. */
export function happens(history: readonly DialogueEvent[], asked: DialogueCommand): readonly DialogueEvent[] {
  const decision = given(...history).when(asked);
  if (isRefusal(decision)) throw new Error(JSON.stringify(decision));
  return decision;
}
