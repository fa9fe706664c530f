import type { ActivityPolicy } from '#activities';
import type { Aggregate } from '#event-sourcing';
import { sourceSchema, type AggregateCommand, type DomainEvent } from '#shared-kernel';
import type { z } from 'zod';

/** A kind of record that lines of a table can become, as far as an import must know it. */
export interface RecordKind<Schema extends z.ZodObject = z.ZodObject> {
  /** That of its aggregate, and what a profile calls it in `record`. */
  readonly name: string;
  /** What messages call one. */
  readonly noun: string;
  /** By the rules of one office. Its `idFrom` gives a record its id, else profile and group do. */
  aggregate(policy: ActivityPolicy): RecordAggregate;
  /** Data of a whole record: its own fields, and an array for each of its parts. */
  readonly schema: Schema;
  /** By what a profile calls them in `parts`. */
  readonly parts: Readonly<Record<string, RecordPart>>;
  /** What a profile's `status` may give; the first is meant where it gives nothing. */
  readonly statuses: readonly string[];
  /** What a profile's `cancel` gives of a record whose status is "cancelled". */
  readonly cancel?: z.ZodObject;
  /** Whether one that is there, in its decider's state, does not count as it was withdrawn; absent: none ever is. */
  isWithdrawn?(state: unknown): boolean;
  /** What brings the record about, in order; the first begins it. */
  commands(record: SoundRecord<z.output<Schema>>): readonly RecordCommand[];
}

export type RecordAggregate = Aggregate<unknown, AggregateCommand, DomainEvent>;

export interface RecordPart {
  /** The array of the record's data that holds them. */
  readonly into: string;
  readonly schema: z.ZodObject;
  /** Numbers that add up, where a profile says `addUp`, of parts that are the same in all else. */
  readonly addUp?: readonly string[];
  /** Of identical ones the record has but one. */
  readonly once?: boolean;
  /** The one status that allows such a part; otherwise the fault `code`, and why. */
  readonly only?: { readonly status: string; readonly code: string; readonly why: string };
}

/** Where the facts are from: the same for every kind. */
export const source: RecordPart = { into: 'sources', schema: sourceSchema, once: true };

/** A record that its schema has passed. */
export interface SoundRecord<Data> {
  readonly status: string;
  readonly data: Data;
  readonly cancel: object;
}

export interface RecordCommand {
  readonly type: string;
  readonly data: object;
  /** Tells it from the record's other commands; absent: its type does. */
  readonly step?: string;
}
