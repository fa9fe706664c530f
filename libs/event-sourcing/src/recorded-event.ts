import type { Actor, DomainEvent } from '#shared-kernel';

/** What every stored event says about itself, beside its data. */
export interface EventMetadata {
  readonly actor: Actor;
  /** When the command was taken, by the application's clock, RFC 3339 UTC. As-of times go by it: it survives a copy. */
  readonly recordedAt: string;
  readonly reason?: string;
  readonly commandId: string;
  /** SHA-256 of the command's canonical form: the same id with another hash is another command. */
  readonly commandHash: string;
  readonly schemaVersion: number;
  /** SHA-256 over the event and `previousHash`; see store/event-hash.ts. Absent from events that were written elsewhere. */
  readonly hash?: string;
  /** Of the event before it in its stream. */
  readonly previousHash?: string;
  readonly $correlationId: string;
  readonly $causationId: string;
}

/** An event as read from the store, its data already brought to the newest schema version. */
export type RecordedEvent<Event extends DomainEvent = DomainEvent> = Event & {
  readonly id: string;
  readonly stream: string;
  readonly revision: bigint;
  /** Commit position in `$all`. */
  readonly position: bigint;
  /** The store's clock. */
  readonly created: Date;
  readonly metadata: EventMetadata;
};

/** An event as it is stored: data in the schema version it was written in, metadata as far as whoever wrote it gave any. */
export type StoredEvent = Omit<RecordedEvent, 'metadata'> & {
  readonly metadata: Partial<EventMetadata>;
  /** Data and metadata letter by letter; absent where the data is not JSON, or the event was not read from a store. */
  readonly text?: { readonly data: string; readonly metadata: string };
};
