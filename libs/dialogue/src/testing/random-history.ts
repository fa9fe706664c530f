import { isRefusal } from '#shared-kernel';
import { idOf, type Random } from '#testing';
import {
  dialogueCommandSchemas,
  type DialogueCommand,
  type DialogueCommandType,
} from '../domain/commands.js';
import { dialogueDecider } from '../domain/decide.js';
import type { DialogueEvent } from '../domain/events.js';

const types = Object.keys(dialogueCommandSchemas) as DialogueCommandType[];

/** Commands at random, of which the rules let some through; each element is what one of them decided. */
export function randomHistory(sessionId: string, commands: number, next: Random): DialogueEvent[][] {
  let state = dialogueDecider.initialState;
  const history: DialogueEvent[][] = [];
  for (let turn = 0; turn < commands; turn++) {
    const type = turn === 0 ? (next(2) ? 'schedule' : 'log') : types[next(types.length)]!;
    // A withdrawn one can only be reinstated: most sessions shall live longer.
    if (type === 'withdraw' && next(4)) continue;
    const followUpId = state?.followUps[next(state.followUps.length || 1)]?.followUpId ?? idOf('none');
    const data = dialogueCommandSchemas[type].parse(randomData(type, next, followUpId));
    const newId = (ordinal: number) => idOf(`${sessionId} ${turn} ${ordinal}`);
    const command = { type, id: sessionId, data, newId } as DialogueCommand;
    const context = { actor: { id: 'staff-1', roles: [] }, now: '2026-11-01T00:00:00.000Z' };
    const decision = dialogueDecider.decide(command, state, context);
    if (isRefusal(decision) || decision.length === 0) continue;
    state = decision.reduce((folded, event) => dialogueDecider.evolve(folded, event), state);
    history.push([...decision]);
  }
  return history;
}

function randomData(type: DialogueCommandType, next: Random, followUpId: string): object {
  const day = `20${10 + next(16)}-0${1 + next(9)}-${10 + next(19)}`;
  const date = day.slice(0, [4, 7, 10][next(3)]);
  const reason = 'because';
  const activityId = idOf(`activity ${next(5)}`);
  const followUp = {
    text: `Task ${next(100)}`,
    owner: 'Academy',
    ...(next(2) ? { dueOn: date } : { activityId }),
  };
  switch (type) {
    case 'schedule':
    case 'log':
      return {
        title: `Session ${next(1000)}`,
        format: next(2) ? 'eapc' : 'staff-talks',
        date,
        ...(next(2) ? { level: 'expert', topics: ['Reform'], place: { city: 'Bakı' } } : {}),
        ...(type === 'log' && next(2) ? { minutes: { summary: 'Agreed.' } } : {}),
        ...(type === 'log' && next(2) ? { followUps: [followUp, followUp] } : {}),
      };
    case 'amend':
      return next(2)
        ? { title: `Amended ${next(3)}`, level: null, place: null, date }
        : { held: { date }, topics: [`Topic ${next(3)}`] };
    case 'hold':
      return next(2) ? {} : { date };
    case 'minutes':
      return { summary: `Agreed ${next(3)}.`, reason };
    case 'agree-follow-up':
      return followUp;
    case 'amend-follow-up':
      return { followUpId, ...(next(2) ? { dueOn: null, activityId } : { text: 'Other', activityId: null }) };
    case 'complete-follow-up':
      return { followUpId, ...(next(2) ? { on: '2026-10' } : { activityId }) };
    case 'drop-follow-up':
      return { followUpId, reason };
    case 'cancel':
    case 'withdraw':
    case 'reinstate':
      return { reason };
    default:
      return type satisfies never;
  }
}
