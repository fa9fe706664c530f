import { isRefusal } from '#shared-kernel';
import { idOf, type Random } from '#testing';
import type { ActivityCommand, ActivityCommandType } from '../domain/commands.js';
import { activityCommandSchemas } from '../domain/commands.js';
import { activityDecider } from '../domain/decide.js';
import type { ActivityEvent } from '../domain/events.js';

const policy = { fourEyes: false, partnerCountry: 'AZ' };
const types = Object.keys(activityCommandSchemas) as ActivityCommandType[];

/** Commands at random, of which the rules let some through; each element is what one of them decided. */
export function randomHistory(activityId: string, commands: number, next: Random): ActivityEvent[][] {
  const decider = activityDecider(policy);
  let state = decider.initialState;
  const history: ActivityEvent[][] = [];
  const parts: string[] = [];
  for (let turn = 0; turn < commands; turn++) {
    const type = turn === 0 ? (next(2) ? 'plan' : 'log') : types[next(types.length)]!;
    const newId = (ordinal: number) => idOf(`${activityId} ${turn} ${ordinal}`);
    const data = activityCommandSchemas[type].safeParse(randomData(type, next, parts));
    if (!data.success) throw data.error;
    const command = { type, id: activityId, data: data.data, newId } as ActivityCommand;
    const context = { actor: { id: 'staff-1', roles: [] }, now: '2026-11-01T00:00:00.000Z' };
    const decision = decider.decide(command, state, context);
    if (isRefusal(decision) || decision.length === 0) continue;
    state = decision.reduce((folded, event) => decider.evolve(folded, event), state);
    history.push([...decision]);
    for (const [name, id] of decision.flatMap(({ data }) => Object.entries(data)))
      if (/^(participation|cost|nomination)Id$/.test(name)) parts.push(id as string);
  }
  return history;
}

function randomData(type: ActivityCommandType, next: Random, parts: readonly string[]): object {
  const day = `20${10 + next(16)}-0${1 + next(9)}-${10 + next(19)}`;
  const date = day.slice(0, [4, 7, 10][next(3)]);
  const part = parts[next(parts.length)] ?? idOf('none');
  const reason = 'because';
  const participation = {
    institution: ['Academy', 'Staff'][next(3)],
    total: 10 + next(90),
    military: next(10),
  };
  const cost = { payer: 'Ally', amountMinor: next(10_000), currency: 'EUR' };
  switch (type) {
    case 'plan':
    case 'log':
      return {
        title: `Activity ${next(1000)}`,
        kind: next(2) ? 'course' : 'exercise',
        programme: 'ipcp',
        role: 'participant',
        startsOn: date,
        ...(next(2) ? { organiser: { name: 'Allied school', kind: 'ally' }, place: { city: 'Bakı' } } : {}),
        ...(type === 'log' ? { participations: [participation], costs: [cost] } : {}),
      };
    case 'amend':
      return {
        title: `Amended ${next(3)}`,
        ...(next(2) ? { organiser: null, startsOn: date } : { quota: next(9) }),
      };
    case 'reschedule':
      return { startsOn: date, reason };
    case 'cancel':
      return { reasonCode: 'host' };
    case 'nominate':
      return { institution: 'Academy', count: 1 + next(9) };
    case 'withdraw-nomination':
      return { nominationId: part };
    case 'record-participation':
      return participation;
    case 'correct-participation':
      return { ...participation, participationId: part, reason };
    case 'withdraw-participation':
      return { participationId: part, reason };
    case 'record-cost':
      return cost;
    case 'correct-cost':
      return { ...cost, costId: part, reason };
    case 'withdraw-cost':
      return { costId: part, reason };
    case 'after-activity-report':
      return { summary: 'went well' };
    case 'mark-duplicate':
      return { of: idOf('another'), reason };
    case 'approve':
    case 'hold':
      return {};
    case 'reject':
    case 'postpone':
    case 'reinstate':
    case 'not-attended':
      return { reason };
    default:
      return type satisfies never;
  }
}
