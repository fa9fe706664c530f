import { EventStoreDBClient } from '@eventstore/db-client';
import type { DomainEvent } from '#shared-kernel';
import type { EventMetadata, RecordedEvent, StoredEvent } from '../recorded-event.js';
import { AppendCalls } from './append-calls.js';
import type { AppendedEvents } from './append-wire.js';
import { asStored, isSystemEvent } from './as-stored.js';
import { StoreUnavailable, StreamDeleted } from './errors.js';
import { sealed } from './event-hash.js';
import { UnreadableEvent, type EventRegistry } from './event-registry.js';
import { nameError } from './name-error.js';
import { decodeAnswer, decodeAnswersAt } from './read-answer.js';
import { eventsOf, ReadCall } from './read-call.js';
import { readAll, readStream, subscribeToAll, type AllStart, type ReadRequest } from './read-request.js';
import { beginsWithOne } from './stream-prefixes.js';

export interface NewEvent {
  readonly id: string;
  readonly event: DomainEvent;
  readonly metadata: Omit<EventMetadata, 'schemaVersion' | 'hash' | 'previousHash'>;
}

export interface Appended extends AppendedEvents {
  /** Of the last event. */
  readonly hash: string | undefined;
}

export interface EventStoreOptions {
  /** How long one call may take before its outcome counts as unknown, in milliseconds. */
  readonly callTimeout?: number;
  /** How often a call whose outcome is unknown is tried in all. */
  readonly attempts?: number;
  readonly delay?: (milliseconds: number) => Promise<void>;
}

/** Answers come in order, in the pieces in which they arrive. */
export type Subscription = Pick<ReadCall, 'next' | 'cancel'>;

/** Events of `$all` looked at together. */
const PAGE = 500;
const FEW = 8;
/** Events of others that a subscription passes over at the most before it tells how far it has come. */
const WINDOW = 500;

const sleep = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/**
 * EventStoreDB as the application uses it: streams of registered events, explicit revisions, calls that end.
 * The stock client has no timer of its own on a batch append, so each call gets one here.
 */
export class EventStore {
  private readonly appends: AppendCalls;
  private readonly callTimeout: number;
  private readonly attempts: number;
  private readonly delay: (milliseconds: number) => Promise<void>;

  constructor(
    readonly client: EventStoreDBClient,
    private readonly registry: EventRegistry,
    options: EventStoreOptions = {},
  ) {
    this.appends = new AppendCalls(client);
    this.callTimeout = options.callTimeout ?? 5_000;
    this.attempts = options.attempts ?? 3;
    this.delay = options.delay ?? sleep;
  }

  static connect(url: string, registry: EventRegistry, options?: EventStoreOptions): EventStore {
    return new EventStore(EventStoreDBClient.connectionString(url), registry, options);
  }

  /** All events of a stream, oldest first; none when it does not exist. */
  async readStream(stream: string): Promise<RecordedEvent[]> {
    const events = await this.read(readStream(stream, 0n), stream);
    return events.map((event) => this.recorded(event)).filter((event) => event !== undefined);
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
    const written = events.map(({ id, event, metadata }) => {
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
      hash = written.hash;
      return { id, type, data: written.data, metadata: written.metadata };
    });
    const appended = await this.retrying(
      () => this.appends.append({ stream, expected, events: written }),
      stream,
    );
    return { ...appended, hash };
  }

  /**
   * What of the next `count` events of `$all`, from `position` on (inclusive), is not the store's own, as it is stored.
   * @param only those at these positions
   */
  async allFrom(position: bigint, count: number, only?: ReadonlySet<bigint>): Promise<StoredEvent[]> {
    const events = await this.read(readAll(at(position), { count }), '', only && decodeAnswersAt(only));
    return events.filter((event) => !isSystemEvent(event));
  }

  /**
   * Up to `count` events of `$all` after `position` (exclusive; -1: from the first), in their order, the store's own among them;
   * fewer only at the head.
   */
  async readAfter(position: bigint, count: number): Promise<StoredEvent[]> {
    // A read begins at its position, which was read before.
    const events = await this.read(readAll(after(position), { count: position < 0n ? count : count + 1 }));
    return events[0]?.position === position ? events.slice(1) : events;
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
    let from: AllStart = 'end';
    // Nearly always the newest event is one of the application's: looking at few first keeps every query fast.
    for (let count = FEW; ; count = PAGE) {
      const page: StoredEvent[] = await this.read(readAll(from, { direction: 'backwards', count }));
      for (const { position: reached, stream, created } of page) {
        if (reached <= position) return undefined;
        if (beginsWithOne(stream, prefixes)) return { position: reached, created };
      }
      const last = page.at(-1);
      if (!last) return undefined;
      from = at(last.position);
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
    let reached = position;
    for (let size = most < FEW ? FEW : PAGE; ; size = PAGE) {
      const page = await this.readAfter(reached, size);
      for (const { stream, created } of page) {
        if (!beginsWithOne(stream, prefixes)) continue;
        oldest ??= created;
        if (++count === most) return { count, oldest };
      }
      const last = page.at(-1);
      if (!last) return { count, oldest };
      reached = last.position;
    }
  }

  /**
   * Up to `count` events of a stream, from `revision` on (inclusive), as they are stored; none when there are none, or it has been
   * deleted.
   */
  async streamFrom(stream: string, revision: bigint, count: number): Promise<StoredEvent[]> {
    try {
      const events = await this.read(readStream(stream, revision, { count }), stream);
      return events.filter((event) => !isSystemEvent(event));
    } catch (error) {
      if (error instanceof StreamDeleted) return [];
      throw error;
    }
  }

  /**
   * A stored event as the application sees it; undefined for one that is not the application's.
   * @throws UnreadableEvent for a type or version this program does not know, and for data that cannot be read
   */
  recorded(stored: StoredEvent): RecordedEvent | undefined {
    if (isSystemEvent(stored)) return undefined;
    const { id, type, stream, revision, position, created } = stored;
    const metadata = stored.metadata as EventMetadata;
    if (!isObject(stored.data))
      throw new UnreadableEvent(`the data of revision ${revision} of ${stream} is no JSON object`);
    const data = this.registry.upcast(type, metadata.schemaVersion, stored.data) as object;
    return { id, type, stream, revision, position, created, metadata, data };
  }

  /**
   * Events after `position` (exclusive; -1: from the first) of streams with one of the prefixes, live after the last, and in order
   * with them how far the subscription has come. It goes on until it is cancelled or its `next` throws.
   */
  subscribe(prefixes: readonly string[], position: bigint): Subscription {
    return new ReadCall(this.client, subscribeToAll(after(position), prefixes, WINDOW), Infinity);
  }

  /** Closes the connection; without it the process does not end. */
  async close(): Promise<void> {
    // A call that was given up on never ends for the client, which would wait for it.
    await Promise.race([this.client.dispose(), sleep(1_000)]);
  }

  private read(request: ReadRequest, stream = '', decode = decodeAnswer): Promise<StoredEvent[]> {
    return this.retrying(async () => {
      const events: StoredEvent[] = [];
      const call = new ReadCall(this.client, request, this.callTimeout, decode);
      for await (const some of eventsOf(call)) for (const event of some) events.push(asStored(event));
      return events;
    }, stream);
  }

  private async retrying<Result>(call: () => Promise<Result>, stream: string): Promise<Result> {
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
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new StoreUnavailable(`the event store did not answer within ${this.callTimeout} ms`)),
        this.callTimeout,
      );
      call.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }
}

const isObject = (data: unknown): boolean =>
  typeof data === 'object' && data !== null && !(data instanceof Uint8Array);

function at(position: bigint): AllStart {
  return { commit: position, prepare: position };
}

function after(position: bigint): AllStart {
  return position < 0n ? 'start' : at(position);
}
