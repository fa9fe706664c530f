import type { z } from 'zod';
import type { Refusal } from './refusal.js';

/** Who asks, and when: chance and time reach the domain only through here. */
export interface DecisionContext {
  readonly actor: Actor;
  /** RFC 3339 UTC. */
  readonly now: string;
}

/** Stable id, display name and roles of whoever acts. */
export interface Actor {
  readonly id: string;
  readonly name?: string;
  readonly roles: readonly string[];
}

export interface DomainEvent {
  readonly type: string;
  readonly data: object;
}

/** A command as the decider of an aggregate takes it; `data` has passed the command's schema. */
export interface AggregateCommand<Type extends string = string, Data extends object = object> {
  readonly type: Type;
  /** Of the aggregate. */
  readonly id: string;
  readonly data: Data;
  /** The id of the n-th part that the command creates. */
  readonly newId: (ordinal: number) => string;
}

/** Every command of an aggregate, from the schemas of their data by the command's name. */
export type CommandsOf<Schemas extends Readonly<Record<string, z.ZodType<object>>>> = {
  [Type in keyof Schemas & string]: AggregateCommand<Type, z.output<Schemas[Type]>>;
}[keyof Schemas & string];

/** Every event of an aggregate, from their definitions by the event's type. */
export type EventsOf<Definitions extends Readonly<Record<string, EventDefinition<z.ZodType<object>>>>> = {
  [Type in keyof Definitions & string]: {
    readonly type: Type;
    readonly data: z.output<Definitions[Type]['schema']>;
  };
}[keyof Definitions & string];

/**
 * An aggregate as pure functions. `decide` answers the events that happen, none when there is nothing to do, or why
 * not; `evolve` folds one event and must accept every event that was ever stored.
 */
export interface Decider<State, Command, Event extends DomainEvent> {
  readonly initialState: State;
  decide(command: Command, state: State, context: DecisionContext): readonly Event[] | Refusal;
  evolve(state: State, event: Event): State;
}

/** One event type: the schema of its newest version, and how data of each older version becomes the next one. */
export interface EventDefinition<Schema = unknown> {
  readonly version: number;
  readonly schema: Schema;
  /** `upcasters[n]` turns data of version n into version n + 1. */
  readonly upcasters?: Readonly<Record<number, (data: never) => unknown>>;
}
