import {
  END,
  EventStoreDBClient,
  FORWARDS,
  BACKWARDS,
  NO_STREAM,
  START,
  jsonEvent,
  StreamDeletedError,
  StreamNotFoundError,
  type AllStreamRecordedEvent,
  type AllStreamResolvedEvent,
  type AllStreamSubscription,
  type Position,
  type ResolvedEvent,
} from '@eventstore/db-client';
import type { DomainEvent } from '#shared-kernel';
import type { EventMetadata, RecordedEvent, StoredEvent } from '../recorded-event.js';
import { asStored } from './as-stored.js';
import { StoreUnavailable } from './errors.js';
import { sealed } from './event-hash.js';
import type { EventRegistry } from './event-registry.js';
import { nameError, NO_REVISION } from './name-error.js';
import { beginsWithOne } from './stream-prefixes.js';

export interface NewEvent {
  readonly id: string;
  readonly event: DomainEvent;
  readonly metadata: Omit<EventMetadata, 'schemaVersion' | 'hash' | 'previousHash'>;
}

export interface Appended {
  /** Of the last event. */
  readonly revision: bigint;
  readonly position: bigint;
  readonly hash: string | undefined;
}

export interface EventStoreOptions {
  /** How long one call may take before its outcome counts as unknown, in milliseconds. */
  readonly callTimeout?: number;
  /** How often a call whose outcome is unknown is tried in all. */
  readonly attempts?: number;
  readonly delay?: (milliseconds: number) => Promise<void>;
}

/** An event as `$all` gives it. */
export type Placed = AllStreamResolvedEvent & { readonly event: AllStreamRecordedEvent };
const isPlaced = (resolved: AllStreamResolvedEvent): resolved is Placed => resolved.event !== undefined;

/** Events of `$all` looked at together. */
const PAGE = 500;
const FEW = 8;

const sleep = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/**
 * EventStoreDB as the application uses it: streams of registered events, explicit revisions, calls that end.
 * The stock client has no timer of its own on a batch append, so each call gets one here.
 */
export class EventStore {
  private readonly callTimeout: number;
  private readonly attempts: number;
  private readonly delay: (milliseconds: number) => Promise<void>;

  constructor(
    readonly client: EventStoreDBClient,
    private readonly registry: EventRegistry,
    options: EventStoreOptions = {},
  ) {
    this.callTimeout = options.callTimeout ?? 5_000;
    this.attempts = options.attempts ?? 3;
    this.delay = options.delay ?? sleep;
  }

  static connect(url: string, registry: EventRegistry, options?: EventStoreOptions): EventStore {
    return new EventStore(EventStoreDBClient.connectionString(url), registry, options);
  }

  /** All events of a stream, oldest first; none when it does not exist. */
  readStream(stream: string): Promise<RecordedEvent[]> {
    return this.retrying(async () => {
      const events: RecordedEvent[] = [];
      try {
        for await (const resolved of this.client.readStream(stream, {
          direction: FORWARDS,
          fromRevision: START,
        })) {
          const event = this.recorded(resolved);
          if (event) events.push(event);
        }
      } catch (error) {
        if (error instanceof StreamNotFoundError) return [];
        throw error;
      }
      return events;
    });
  }

  /**
   * Writes all events or none, if the stream is at `expected` (NO_REVISION: does not exist). Repeating an append with the
   * same ids answers what the first one did, so an unknown outcome is resolved by trying again.
   * @param previousHash of the event that the stream ends with, if it has one: each event's hash covers the one before it
   * @throws WrongExpectedRevision, AppendTooLarge, StreamDeleted, StoreUnavailable
   */
  async append(
    stream: string,
    expected: bigint,
    events: readonly NewEvent[],
    previousHash?: string,
  ): Promise<Appended> {
    let [revision, hash] = [expected, previousHash];
    const data = events.map(({ id, event, metadata }) => {
      const { type } = event;
      const chained = {
        ...metadata,
        schemaVersion: this.registry.versionOf(type),
        ...(hash === undefined ? {} : { previousHash: hash }),
      };
      revision++;
      const written = sealed({
        ...{ stream, revision, id, type },
        data: this.registry.validate(event),
        metadata: chained,
      });
      hash = written.metadata.hash;
      return jsonEvent({ id, type, ...(written as { data: Record<string, unknown>; metadata: object }) });
    });
    const expectedRevision = expected === NO_REVISION ? NO_STREAM : expected;
    const result = await this.retrying(
      () => this.client.appendToStream(stream, data, { expectedRevision }),
      stream,
    );
    return { revision: result.nextExpectedRevision, position: result.position!.commit, hash };
  }

  /** What of the next `count` events of `$all`, from `position` on (inclusive), is not the store's own, as it is stored. */
  async allFrom(position: bigint, count: number): Promise<StoredEvent[]> {
    const events = await this.readAll(FORWARDS, { commit: position, prepare: position }, count);
    return events.map(asStored).filter((event) => event !== undefined);
  }

  /** Up to `count` events of `$all` after `position` (exclusive; -1: from the first), in their order; fewer only at the head. */
  async readAfter(position: bigint, count: number): Promise<Placed[]> {
    if (position < 0n) return this.readAll(FORWARDS, START, count);
    // A read begins at its position, which was read before.
    const events = await this.readAll(FORWARDS, { commit: position, prepare: position }, count + 1);
    return events.filter(({ event }) => event.position.commit > position);
  }

  /**
   * The event at a commit position, such as that of a read model's row, as it is stored.
   * @throws Error when there is none of the application's
   */
  async eventAt(position: bigint): Promise<StoredEvent> {
    const [event] = await this.allFrom(position, 1);
    if (event?.position !== position) throw new Error(`there is no event at position ${position}`);
    return event;
  }

  /** Newest event after `position` (exclusive; -1: of all) whose stream has one of the prefixes. */
  async head(
    prefixes: readonly string[],
    position = -1n,
  ): Promise<{ position: bigint; created: Date } | undefined> {
    let from: Position | typeof END = END;
    // Nearly always the newest event is one of the application's: looking at few first keeps every query fast.
    for (let count = FEW; ; count = PAGE) {
      const page: Placed[] = await this.readAll(BACKWARDS, from, count);
      for (const { event } of page) {
        if (event.position.commit <= position) return undefined;
        if (beginsWithOne(event.streamId, prefixes))
          return { position: event.position.commit, created: event.created };
      }
      const last = page.at(-1);
      if (!last) return undefined;
      from = last.event.position;
    }
  }

  /** How many events of these streams follow `position` (exclusive), counted up to `most`, and when the first was stored. */
  async after(
    position: bigint,
    prefixes: readonly string[],
    most: number,
  ): Promise<{ count: number; oldest?: Date }> {
    let count = 0;
    let oldest: Date | undefined;
    for (let reached = position; ;) {
      const page = await this.readAfter(reached, PAGE);
      for (const { event } of page) {
        if (!beginsWithOne(event.streamId, prefixes)) continue;
        oldest ??= event.created;
        if (++count === most) return { count, oldest };
      }
      const last = page.at(-1);
      if (!last) return { count, oldest };
      reached = last.event.position.commit;
    }
  }

  /** A page of `$all`, read to its end: the client keeps a call that is not for ever, and then cannot be closed. */
  private readAll(
    direction: typeof FORWARDS | typeof BACKWARDS,
    fromPosition: Position | typeof START | typeof END,
    maxCount: number,
  ): Promise<Placed[]> {
    return this.retrying(async () => {
      const page: Placed[] = [];
      for await (const resolved of this.client.readAll({ direction, fromPosition, maxCount }))
        if (isPlaced(resolved)) page.push(resolved);
      return page;
    });
  }

  /**
   * Up to `count` events of a stream, from `revision` on (inclusive), as they are stored; none when it has been deleted or there
   * are none.
   */
  async streamFrom(stream: string, revision: bigint, count: number): Promise<StoredEvent[]> {
    return this.retrying(async () => {
      const events: StoredEvent[] = [];
      const options = { direction: FORWARDS, fromRevision: revision, maxCount: count } as const;
      try {
        for await (const resolved of this.client.readStream(stream, options)) {
          const event = asStored(resolved);
          if (event) events.push(event);
        }
      } catch (error) {
        if (error instanceof StreamNotFoundError || error instanceof StreamDeletedError) return [];
        throw error;
      }
      return events;
    }, stream);
  }

  /** An event as the application sees it; undefined for one that is not the application's (system, resolved away). */
  recorded(resolved: ResolvedEvent): RecordedEvent | undefined {
    const stored = asStored(resolved);
    if (!stored) return undefined;
    const metadata = stored.metadata as EventMetadata;
    return {
      ...stored,
      data: this.registry.upcast(stored.type, metadata.schemaVersion, stored.data) as object,
      metadata,
    };
  }

  /** Events after `position` (exclusive; -1: from the first) of streams with one of the prefixes, live after the last. */
  subscribe(
    prefixes: readonly string[],
    position: bigint,
    onCheckpoint: (subscription: AllStreamSubscription, position: bigint) => void,
    buffer: number,
  ): AllStreamSubscription {
    return this.client.subscribeToAll(
      {
        fromPosition: position < 0n ? START : { commit: position, prepare: position },
        filter: {
          filterOn: 'streamName',
          prefixes: [...prefixes],
          maxSearchWindow: 500,
          checkpointInterval: 1,
          checkpointReached: async (subscription, reached) => onCheckpoint(subscription, reached.commit),
        },
      },
      { highWaterMark: buffer },
    );
  }

  /** Closes the connection; without it the process does not end. */
  async close(): Promise<void> {
    // A call that was given up on never ends for the client, which would wait for it.
    await Promise.race([this.client.dispose(), sleep(1_000)]);
  }

  private async retrying<Result>(call: () => Promise<Result>, stream = ''): Promise<Result> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.timed(call());
      } catch (error) {
        const named = nameError(error, stream);
        if (!(named instanceof StoreUnavailable) || attempt === this.attempts) throw named;
        await this.delay(50 * 2 ** attempt);
      }
    }
  }

  private timed<Result>(call: Promise<Result>): Promise<Result> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new StoreUnavailable(`the event store did not answer within ${this.callTimeout} ms`)),
        this.callTimeout,
      );
    });
    return Promise.race([call, timeout]).finally(() => clearTimeout(timer));
  }
}
