import { expect } from '@jest/globals';
import {
  isRefusal,
  type AggregateCommand,
  type Decider,
  type DecisionContext,
  type DomainEvent,
} from '#shared-kernel';
import type { z } from 'zod';

export const NOW = '2026-06-15T09:00:00.000Z';
export const UNKNOWN = '00000000-0000-4000-8000-0000000000ff';
export const context: DecisionContext = { actor: { id: 'staff-1', roles: [] }, now: NOW };

/** The id of the n-th part that a command here creates. */
export const newId = (ordinal: number) =>
  `00000000-0000-4000-8000-0000000001${String(ordinal).padStart(2, '0')}`;

/** given/when/then for one decider; commands are checked and completed by their schema, as a client's are. */
export function decisionsOf<State, Command extends AggregateCommand, Event extends DomainEvent>(
  decider: Decider<State, Command, Event>,
  schemas: Readonly<Record<Command['type'], z.ZodType<object>>>,
  id: string,
) {
  const command = (type: Command['type'], data: object = {}, idOfPart = newId): Command =>
    ({ type, id, data: schemas[type].parse(data), newId: idOfPart }) as unknown as Command;
  const fold = (history: readonly Event[]): State =>
    history.reduce((state, event) => decider.evolve(state, event), decider.initialState);
  const given = (...history: readonly Event[]) => ({
    when: (type: Command['type'], data: object = {}) =>
      decider.decide(command(type, data), fold(history), context),
  });
  return {
    command,
    fold,
    given,
    /** `pointer code` of each broken rule; empty when the command is taken. */
    broken(history: readonly Event[], type: Command['type'], data: object = {}): string[] {
      const decision = given(...history).when(type, data);
      if (!isRefusal(decision)) return [];
      if (decision.refused !== 'rule') throw new Error(JSON.stringify(decision));
      return decision.errors.map(({ code, pointer }) => `${pointer} ${code}`);
    },
    /** The events of a command that is taken. */
    happens(history: readonly Event[], type: Command['type'], data: object = {}): readonly Event[] {
      const decision = given(...history).when(type, data);
      if (isRefusal(decision)) throw new Error(JSON.stringify(decision));
      return decision;
    },
  };
}

/** What a command leads to in a state: events, or the code of the refusal. */
export type Outcome = readonly DomainEvent[] | string;

export function expectOutcome(decision: unknown, expected: Outcome): void {
  if (typeof expected !== 'string') return expect(decision).toEqual(expected);
  expect(decision).toMatchObject({ refused: 'state', errors: [{ code: expected }] });
}
