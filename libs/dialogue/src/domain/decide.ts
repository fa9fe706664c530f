import {
  amended,
  existsAlready,
  forbidden,
  realChanges,
  refuseState,
  unless,
  type Decider,
  type DecisionContext,
  type Refusal,
} from '#shared-kernel';
import type { DialogueCommand, DialogueCommandData } from './commands.js';
import { changeFollowUp } from './decide-follow-up.js';
import { evolve, type Dialogue } from './dialogue.js';
import type { DialogueEvent } from './events.js';
import { correctHeld, datesRule, heldDates, heldRule, replacementRule } from './rules.js';
import { transitions } from './transitions.js';

export type Decision = readonly DialogueEvent[] | Refusal;
type Change = Exclude<DialogueCommand, { type: 'schedule' | 'log' }>;

/** A dialogue session. Commands hold data that their schema has passed. */
export const dialogueDecider: Decider<Dialogue | undefined, DialogueCommand, DialogueEvent> = {
  initialState: undefined,
  evolve,
  decide(command, dialogue, context) {
    if (command.type === 'schedule' || command.type === 'log') {
      if (dialogue)
        return existsAlready('DialogueExists', `the dialogue session ${command.id}`, dialogue.status);
      return command.type === 'schedule'
        ? unless(datesRule(command.data), { type: 'DialogueSessionScheduled', data: command.data })
        : log(command.data, command.newId, context);
    }
    if (!dialogue) return refuseState('DialogueNotFound', `there is no dialogue session ${command.id}`);
    return (
      forbidden(command.type, 'a session', dialogue.status, transitions[command.type]) ??
      change(command, dialogue, context)
    );
  },
};

/** What was held already, with what was minuted and agreed, as one whole. */
function log(
  { held: given, minutes, followUps, ...fields }: DialogueCommandData<'log'>,
  newId: DialogueCommand['newId'],
  { now }: DecisionContext,
): Decision {
  const held = heldDates(given ?? {}, fields);
  // Without dates of its own, what was held has the session's: each fault is named once.
  const faults = [...(given ? datesRule(fields) : []), ...heldRule(held, now, given ? '/held' : '')];
  return unless<DialogueEvent>(
    faults,
    { type: 'DialogueSessionLogged', data: { ...fields, held } },
    ...(minutes ? [{ type: 'MinutesRecorded' as const, data: minutes }] : []),
    ...followUps.map((agreed, index) => ({
      type: 'FollowUpAgreed' as const,
      data: { ...agreed, followUpId: newId(index) },
    })),
  );
}

function change(command: Change, dialogue: Dialogue, { now }: DecisionContext): Decision {
  switch (command.type) {
    case 'amend':
      return amend(command.data, dialogue, now);
    case 'hold': {
      const held = heldDates(command.data, dialogue.described);
      return unless(heldRule(held, now), { type: 'DialogueSessionHeld', data: held });
    }
    case 'cancel':
      return [{ type: 'DialogueSessionCancelled', data: command.data }];
    case 'minutes':
      return unless(replacementRule(dialogue.status === 'minuted', command.data.reason), {
        type: 'MinutesRecorded',
        data: command.data,
      });
    case 'withdraw':
      return [{ type: 'DialogueSessionWithdrawn', data: command.data }];
    case 'reinstate':
      return [{ type: 'DialogueSessionReinstated', data: command.data }];
    case 'agree-follow-up':
      return [{ type: 'FollowUpAgreed', data: { ...command.data, followUpId: command.newId(0) } }];
    case 'amend-follow-up':
    case 'complete-follow-up':
    case 'drop-follow-up':
      return changeFollowUp(command, dialogue, now);
    default:
      return command satisfies never;
  }
}

/** Records the fields that really change, if any does. */
function amend(
  { reason: _, held: wantedHeld, ...wanted }: DialogueCommandData<'amend'>,
  dialogue: Dialogue,
  now: string,
): Decision {
  const changed = realChanges(wanted, dialogue.described);
  const corrected = correctHeld(wantedHeld, dialogue, now);
  const changes = { ...changed, ...corrected.changes };
  const moved = 'date' in changed || 'endDate' in changed;
  const faults = [...(moved ? datesRule(amended(dialogue.described, changed)) : []), ...corrected.faults];
  if (faults.length === 0 && Object.keys(changes).length === 0) return [];
  return unless(faults, { type: 'DialogueSessionAmended', data: { changes } });
}
