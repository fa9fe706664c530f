import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ANY,
  BACKWARDS,
  END,
  FORWARDS,
  jsonEvent,
  NO_STREAM,
  START,
  STREAM_EXISTS,
  StreamDeletedError,
  streamNameFilter,
  StreamNotFoundError,
  WrongExpectedVersionError,
  type AppendExpectedRevision,
  type ExpectedRevision,
  type Position,
  type ResolvedEvent,
} from '@eventstore/db-client';
import { v4 as uuid } from 'uuid';
import { seeded, type Random } from '../support/random.js';
import { DELETED, Model, TOMBSTONE } from './model.js';
import { gather, newStream, openStore, type OpenStore } from './open-store.js';

const OPERATIONS = Number(process.env.OPERATIONS ?? 10_000);
/** Streams in use at a time; one that was ended for good makes room for another after a while. */
const STREAMS = 12;

let store: OpenStore;
beforeAll(async () => void (store = await openStore()));
afterAll(() => store.close());

/** The same operations on the store and on the model; each throws when they differ. */
class Walk {
  private readonly category = `walk${uuid().slice(0, 8)}`;
  private readonly model = new Model();
  private readonly positions: Position[] = [];
  private readonly streams = Array.from({ length: STREAMS }, () => newStream(this.category));
  /** Appends as they were made, to be made again. */
  private readonly appends: [string, AppendExpectedRevision, string[]][] = [];

  constructor(private readonly random: Random) {}

  async step(): Promise<void> {
    const dice = this.random.below(1_000);
    const stream = this.random.of(this.streams);
    if (dice < 450) await this.append(stream, this.expected(stream), this.newIds());
    else if (dice < 550 && this.appends.length > 0) await this.append(...this.random.of(this.appends));
    else if (dice < 750) await this.read(stream);
    else if (dice < 800) await this.subscribeToStream(stream);
    else if (dice < 830) await this.subscribeToAll();
    else if (dice < 880) await this.delete(stream);
    else if (dice < 890) await this.tombstone(stream);
    else if (dice < 940) await this.setMetadata(stream);
    else await this.getMetadata(stream);
  }

  async readEverything(): Promise<void> {
    for (const stream of this.streams) await this.read(stream);
    const filter = streamNameFilter({ prefixes: [this.category] });
    const subscription = store.client.subscribeToAll({ filter });
    const all = await gather<ResolvedEvent>(subscription, this.model.all.length);
    expect(all.map(seen)).toEqual(this.model.all);
  }

  private async append(stream: string, expected: AppendExpectedRevision, ids: string[]): Promise<void> {
    // An id under Any is known for a while only, so it is not said how a repeat ends.
    if (typeof expected === 'bigint' || expected === NO_STREAM) this.appends.push([stream, expected, ids]);
    const written = this.model.all.length;
    const wanted = this.model.append(stream, expected, ids);
    const events = ids.map((id) => jsonEvent({ id, type: 'stepped', data: {} }));
    let position: Position | undefined;
    const answer = await outcome(async () => {
      const result = await store.client.appendToStream(stream, events, { expectedRevision: expected });
      position = result.position;
      return Number(result.nextExpectedRevision);
    });
    expect([stream, expected, answer]).toEqual([stream, expected, wanted]);
    if (this.model.all.length > written) this.positions[this.model.all.length - 1] = position!;
  }

  private async read(stream: string): Promise<void> {
    const forwards = this.random.below(2) === 0;
    const from = this.random.of([START, END, BigInt(this.random.below(this.model.revision(stream) + 3))]);
    const maxCount = 1 + this.random.below(40);
    const visible = this.model.visible(stream);
    const bound = from === START ? 0 : from === END ? Infinity : Number(from);
    const wanted =
      typeof visible === 'string'
        ? visible
        : forwards
          ? visible.filter(({ revision }) => revision >= bound).slice(0, maxCount)
          : visible
              .filter(({ revision }) => revision <= bound)
              .reverse()
              .slice(0, maxCount);
    const direction = forwards ? FORWARDS : BACKWARDS;
    const read = store.client.readStream(stream, { direction, fromRevision: from as bigint, maxCount });
    const answer = await outcome(async () => (await gather<ResolvedEvent>(read)).map(seen));
    expect([stream, direction, from, maxCount, answer]).toEqual([stream, direction, from, maxCount, wanted]);
  }

  private async subscribeToStream(stream: string): Promise<void> {
    const visible = this.model.visible(stream);
    if (typeof visible === 'string') return;
    const after = this.random.below(visible.length) + visible[0]!.revision - 1;
    const wanted = visible.filter(({ revision }) => revision > after);
    const fromRevision = after < 0 ? START : BigInt(after);
    const subscription = store.client.subscribeToStream(stream, { fromRevision });
    expect((await gather<ResolvedEvent>(subscription, wanted.length)).map(seen)).toEqual(wanted);
  }

  private async subscribeToAll(): Promise<void> {
    // Long tails take long; the whole is read at the end.
    const index = Math.max(0, this.model.all.length - 1 - this.random.below(300));
    const fromPosition = this.positions[index];
    const wanted = this.model.all.slice(index + 1);
    if (!fromPosition || wanted.length === 0) return;
    const filter = streamNameFilter({ prefixes: [this.category] });
    const subscription = store.client.subscribeToAll({ fromPosition, filter });
    expect((await gather<ResolvedEvent>(subscription, wanted.length)).map(seen)).toEqual(wanted);
  }

  private async delete(stream: string): Promise<void> {
    const expected = this.expectedOfDeletion(stream);
    const wanted = this.model.delete(stream, expected);
    const answer = await outcome(() => store.client.deleteStream(stream, { expectedRevision: expected }));
    expect(['delete', stream, expected, answer]).toEqual(['delete', stream, expected, wanted]);
  }

  private async tombstone(stream: string): Promise<void> {
    const expected = this.expectedOfDeletion(stream);
    const wanted = this.model.tombstone(stream, expected);
    const answer = await outcome(async () => {
      const { position } = await store.client.tombstoneStream(stream, { expectedRevision: expected });
      this.positions[this.model.all.length - 1] = position!;
      return 0;
    });
    expect(['tombstone', stream, expected, answer]).toEqual(['tombstone', stream, expected, wanted]);
    // Its successor comes beside it, so that the ended one is still asked for now and then.
    if (answer === 0) this.streams[this.random.below(STREAMS)] = newStream(this.category);
  }

  private async setMetadata(stream: string): Promise<void> {
    const metadata = this.random.of([
      {},
      { maxCount: 1 + this.random.below(20) },
      { truncateBefore: this.random.below(this.model.revision(stream) + 2) },
    ]);
    const wanted = this.model.setMetadata(stream, metadata);
    const answer = await outcome(() => store.client.setStreamMetadata(stream, metadata));
    expect(['metadata', stream, answer]).toEqual(['metadata', stream, wanted]);
  }

  private async getMetadata(stream: string): Promise<void> {
    if (this.model.visible(stream) === 'stream deleted') return;
    const { metadata } = await store.client.getStreamMetadata(stream);
    const { maxCount, truncateBefore } = metadata ?? {};
    const wanted = this.model.metadata(stream);
    const plain = { maxCount, truncateBefore: truncateBefore && Math.min(Number(truncateBefore), DELETED) };
    expect(plain).toEqual({ maxCount: wanted.maxCount, truncateBefore: wanted.truncateBefore });
  }

  private expected(stream: string): AppendExpectedRevision {
    const current = this.model.revision(stream);
    const near = BigInt(Math.max(0, current + this.random.below(4) - 2));
    return this.random.of([ANY, NO_STREAM, STREAM_EXISTS, near, current < 0 ? NO_STREAM : BigInt(current)]);
  }

  /** The client knows no StreamExists when it deletes. */
  private expectedOfDeletion(stream: string): ExpectedRevision {
    const expected = this.expected(stream);
    return expected === STREAM_EXISTS ? ANY : expected;
  }

  private newIds(): string[] {
    return Array.from({ length: 1 + this.random.below(4) }, () => uuid());
  }
}

function seen({ event }: ResolvedEvent) {
  // A tombstone is the store's own event, under an id of its choice.
  const id = event!.type === '$streamDeleted' ? TOMBSTONE : event!.id;
  return { stream: event!.streamId, revision: Number(event!.revision), id };
}

/** What came back, or the refusal in the model's words; 0 for an answer that carries nothing to compare. */
async function outcome<Result>(call: () => Promise<Result>) {
  try {
    const result = await call();
    return Array.isArray(result) || typeof result === 'number' ? result : 0;
  } catch (error) {
    if (error instanceof WrongExpectedVersionError) return 'wrong expected version';
    if (error instanceof StreamDeletedError) return 'stream deleted';
    if (error instanceof StreamNotFoundError) return 'stream not found';
    throw error;
  }
}

describe('a random walk', () => {
  it(
    `of ${OPERATIONS} operations ends as it does in a plain model`,
    () =>
      seeded(async (random) => {
        const walk = new Walk(random);
        for (let step = 1; step <= OPERATIONS; step++) await walk.step();
        await walk.readEverything();
      }),
    600_000,
  );
});
