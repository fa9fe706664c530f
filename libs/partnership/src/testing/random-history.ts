import { isRefusal, type AggregateCommand, type Decider, type DomainEvent } from '#shared-kernel';
import { idOf, type Random } from '#testing';
import type { z } from 'zod';
import {
  contributionCommandSchemas,
  type ContributionCommandType,
} from '../contributions/domain/commands.js';
import { contributionDecider } from '../contributions/domain/decide.js';
import { documentCommandSchemas, type DocumentCommandType } from '../documents/domain/commands.js';
import { documentDecider } from '../documents/domain/decide.js';
import { documentTypes, milestoneKinds } from '../documents/domain/fields.js';
import { goalCommandSchemas, type GoalCommandType } from '../goals/domain/commands.js';
import { goalDecider } from '../goals/domain/decide.js';
import { assessmentStatuses, branches } from '../goals/domain/fields.js';
import { context } from './decisions.js';

/** What a random command may choose from. `part`: the id of a part that is there, or was. */
interface Chance {
  readonly next: Random;
  readonly part: string;
}
type DataOf<Type extends string> = (type: Type, chance: Chance) => object;

/** Commands at random, of which the rules let some through; each element is what one of them decided. */
function randomHistory<State, Command extends AggregateCommand, Event extends DomainEvent>(
  decider: Decider<State, Command, Event>,
  schemas: Readonly<Record<Command['type'], z.ZodType<object>>>,
  dataOf: DataOf<Command['type']>,
) {
  const types = Object.keys(schemas) as Command['type'][];
  return (id: string, commands: number, next: Random): DomainEvent[][] => {
    let state = decider.initialState;
    const history: DomainEvent[][] = [];
    const parts: string[] = [];
    let withdrawn = false;
    for (let turn = 0; turn < commands; turn++) {
      const drawn = turn === 0 ? types[0]! : types[next(types.length)]!;
      // A withdrawn one can only be reinstated: half the tries do, so that most of a history is not refusals.
      const type: Command['type'] = withdrawn && next(2) ? ('reinstate' as Command['type']) : drawn;
      const newId = (ordinal: number) => idOf(`${id} ${turn} ${ordinal}`);
      const data = schemas[type].parse(
        dataOf(type, { next, part: parts[next(parts.length)] ?? idOf('none') }),
      );
      const decision = decider.decide({ type, id, data, newId } as unknown as Command, state, context);
      if (isRefusal(decision) || decision.length === 0) continue;
      state = decision.reduce((folded, event) => decider.evolve(folded, event), state);
      history.push([...decision]);
      withdrawn = type === 'withdraw';
      for (const [name, value] of decision.flatMap(({ data }) => Object.entries(data)))
        if (/^(milestone|cycle|assessment|segment)Id$/.test(name)) parts.push(value as string);
    }
    return history;
  };
}

const reason = 'because';

/** A date of some precision, 2000 to 2024. */
function date(next: Random): string {
  const day = `20${String(next(25)).padStart(2, '0')}-0${1 + next(9)}-${10 + next(19)}`;
  return day.slice(0, [4, 7, 10][next(3)]);
}

function period(next: Random) {
  const year = 2000 + next(25);
  return { from: `${year}`, to: `${year + next(3)}-0${1 + next(9)}` };
}

const documentData: DataOf<DocumentCommandType> = (type, { next, part }) => {
  const milestone = {
    milestone: milestoneKinds[next(6)]!,
    ...(next(3) ? { on: date(next) } : { note: 'n' }),
  };
  switch (type) {
    case 'record':
      return {
        type: documentTypes[next(documentTypes.length)],
        title: `Document ${next(1000)}`,
        ...(next(2) ? { reference: `PO(2005)${next(1000)}` } : {}),
        ...(next(2) ? { milestones: [milestone], cycles: [{ ...period(next), title: 'First' }] } : {}),
      };
    case 'amend':
      return next(2) ? { title: `Amended ${next(3)}` } : { type: 'other', reason };
    case 'withdraw':
    case 'reinstate':
      return { reason };
    case 'reach-milestone':
      return milestone;
    case 'correct-milestone':
      return { ...milestone, milestoneId: part, reason };
    case 'withdraw-milestone':
      return { milestoneId: part, reason };
    case 'open-cycle':
      return period(next);
    case 'activate-cycle':
    case 'complete-cycle':
      return { cycleId: part };
    case 'extend-cycle':
      return { cycleId: part, to: period(next).to, reason };
    case 'correct-cycle':
      return { cycleId: part, ...period(next), ...(next(2) ? { agreedOn: date(next) } : {}), reason };
    case 'withdraw-cycle':
      return { cycleId: part, reason };
    default:
      return type satisfies never;
  }
};

const goalData: DataOf<GoalCommandType> = (type, { next, part }) => {
  const assessment = {
    on: date(next),
    status: assessmentStatuses[next(6)],
    ...(next(2) ? { note: 'n' } : {}),
  };
  switch (type) {
    case 'propose':
      return {
        code: `G ${next(1000)}`,
        title: 'Goal',
        branch: branches[next(5)],
        ...(next(2) ? { documentId: idOf('document'), proposedOn: date(next) } : { cycleId: idOf('cycle') }),
      };
    case 'amend':
      return next(2)
        ? { title: `Amended ${next(3)}`, proposedOn: next(2) ? date(next) : null }
        : { branch: branches[next(5)], cycleId: next(2) ? idOf('other cycle') : null };
    case 'assess':
      return assessment;
    case 'correct-assessment':
      return { ...assessment, assessmentId: part, reason };
    case 'withdraw-assessment':
      return { assessmentId: part, reason };
    default:
      return type satisfies never;
  }
};

const contributionData: DataOf<ContributionCommandType> = (type, { next, part }) => {
  const { from, to } = period(next);
  const segment = { from, ...(next(4) ? { to } : {}), ...(next(3) ? { value: next(100) } : {}) };
  switch (type) {
    case 'record':
      return {
        operation: `Operation ${next(1000)}`,
        ...(next(2)
          ? { kind: 'personnel', unit: 'persons' }
          : { kind: 'funding', unit: 'EUR', basis: 'paid' }),
        ...(next(2) ? { title: 'Platoon', segments: [segment] } : {}),
      };
    case 'amend':
      return { title: next(2) ? `Amended ${next(3)}` : null };
    case 'withdraw':
    case 'reinstate':
      return { reason };
    case 'add-segment':
      return segment;
    case 'correct-segment':
      return { ...segment, segmentId: part, reason };
    case 'end-segment':
      return { segmentId: part, to: next(2) ? to : '2025' };
    case 'withdraw-segment':
      return { segmentId: part, reason };
    default:
      return type satisfies never;
  }
};

/** By the prefix of the aggregates' streams. */
export const randomHistories = {
  'document-': randomHistory(documentDecider, documentCommandSchemas, documentData),
  'goal-': randomHistory(goalDecider, goalCommandSchemas, goalData),
  'contribution-': randomHistory(contributionDecider, contributionCommandSchemas, contributionData),
};
