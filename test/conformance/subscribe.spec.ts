import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  END,
  eventTypeFilter,
  START,
  StreamDeletedError,
  streamNameFilter,
  type AllStreamResolvedEvent,
  type AllStreamSubscription,
  type Filter,
  type Position,
  type ResolvedEvent,
  type StreamSubscription,
} from '@eventstore/db-client';
import { gather, newEvents, newStream, openStore, type OpenStore } from './open-store.js';

let store: OpenStore;
beforeAll(async () => void (store = await openStore()));
afterAll(() => store.close());

const idOf = ({ event }: ResolvedEvent | AllStreamResolvedEvent) => event!.id;
const ids = (events: readonly { id: string }[]) => events.map(({ id }) => id);
/** Reads on where the last reading stopped: leaving a loop must not end the subscription. */
const take = async (subscription: StreamSubscription | AllStreamSubscription, count: number) => {
  const taken: string[] = [];
  for await (const event of (subscription as StreamSubscription).iterator({ destroyOnReturn: false })) {
    if (taken.push(idOf(event as ResolvedEvent)) === count) break;
  }
  return taken;
};

describe('a subscription to a stream', () => {
  it('catches up, says so, and goes on with what is written', async () => {
    const stream = newStream();
    const [old, live] = [newEvents(1_200), newEvents(3)];
    await store.client.appendToStream(stream, old);
    const subscription = store.client.subscribeToStream(stream);
    const signs: string[] = [];
    subscription.on('confirmation', () => signs.push('confirmation'));
    const caughtUp = once(subscription, 'caughtUp').then(() => signs.push('caughtUp'));
    expect(await take(subscription, old.length)).toEqual(ids(old));
    await caughtUp;
    await store.client.appendToStream(newStream(), newEvents(2));
    await store.client.appendToStream(stream, live);
    expect(await take(subscription, live.length)).toEqual(ids(live));
    expect(signs).toEqual(['confirmation', 'caughtUp']);
    await subscription.unsubscribe();
  });

  it('begins after the revision it names', async () => {
    const stream = newStream();
    const events = newEvents(3);
    await store.client.appendToStream(stream, events);
    const subscription = store.client.subscribeToStream(stream, { fromRevision: 1n });
    expect(await take(subscription, 1)).toEqual([events[2]!.id]);
    await subscription.unsubscribe();
  });

  it('waits for a stream that is not there yet', async () => {
    const stream = newStream();
    const subscription = store.client.subscribeToStream(stream, { fromRevision: START });
    await once(subscription, 'caughtUp');
    const events = newEvents(2);
    await store.client.appendToStream(stream, events);
    expect(await take(subscription, 2)).toEqual(ids(events));
    await subscription.unsubscribe();
  });

  it('delivers a tombstone, which ends it', async () => {
    const stream = newStream();
    await store.client.appendToStream(stream, newEvents(1));
    const subscription = store.client.subscribeToStream(stream);
    const types: string[] = [];
    subscription.on('data', ({ event }) => types.push(event!.type));
    const failed = once(subscription, 'error');
    await once(subscription, 'caughtUp');
    await store.client.tombstoneStream(stream);
    const [error] = await failed;
    expect(error).toBeInstanceOf(StreamDeletedError);
    expect(types).toEqual(['happened', '$streamDeleted']);
  });

  it('from the end gets only what comes', async () => {
    const stream = newStream();
    await store.client.appendToStream(stream, newEvents(2));
    const subscription = store.client.subscribeToStream(stream, { fromRevision: END });
    await once(subscription, 'caughtUp');
    const events = newEvents(1);
    await store.client.appendToStream(stream, events);
    expect(await take(subscription, 1)).toEqual(ids(events));
    await subscription.unsubscribe();
  });
});

describe('a subscription to $all', () => {
  const newest = async (): Promise<Position> => {
    const { position } = await store.client.appendToStream(newStream('marker'), newEvents(1));
    return position!;
  };

  it('begins after the position it names, and misses nothing between catch-up and live', async () => {
    const fromPosition = await newest();
    const written: string[] = [];
    const write = async () => {
      const events = newEvents(1);
      await store.client.appendToStream(newStream(), events);
      return events[0]!.id;
    };
    for (let count = 0; count < 200; count++) written.push(await write());
    const subscription = store.client.subscribeToAll({ fromPosition });
    const reading = take(subscription, 600);
    for (let count = 0; count < 400; count++) written.push(await write());
    expect(await reading).toEqual(written);
    await subscription.unsubscribe();
  });

  const mark = randomUUID().slice(0, 8);
  it.each<[string, Filter]>([
    ['prefixes of the stream name', streamNameFilter({ prefixes: [`a${mark}`, `b${mark}`] })],
    ['a regular expression on the stream name', streamNameFilter({ regex: `^[ab]${mark}-` })],
    ['prefixes of the event type', eventTypeFilter({ prefixes: [`first${mark}`, `second${mark}`] })],
    ['a regular expression on the event type', eventTypeFilter({ regex: `^(first|second)${mark}$` })],
  ])('is filtered by %s', async (_title, filter) => {
    const fromPosition = await newest();
    const wanted: string[] = [];
    for (const [category, type] of [
      ['a', 'first'],
      ['c', 'third'],
      ['b', 'second'],
    ] as const) {
      const events = newEvents(2, type + mark);
      await store.client.appendToStream(newStream(category + mark), events);
      if (category !== 'c') wanted.push(...ids(events));
    }
    const subscription = store.client.subscribeToAll({ fromPosition, filter });
    expect(await take(subscription, wanted.length)).toEqual(wanted);
    await subscription.unsubscribe();
  });

  it('that is filtered tells how far it got, though nothing matches', async () => {
    const fromPosition = await newest();
    const written = await store.client.appendToStream(newStream(), newEvents(100));
    const reached: bigint[] = [];
    const filter = streamNameFilter({
      prefixes: [`nothing-${randomUUID()}`],
      maxSearchWindow: 10,
      checkpointInterval: 2,
      checkpointReached: (_, { commit }) => void reached.push(commit),
    });
    const subscription = store.client.subscribeToAll({ fromPosition, filter });
    subscription.resume();
    await once(subscription, 'caughtUp');
    expect(reached.length).toBeGreaterThanOrEqual(5);
    expect(reached).toEqual([...reached].sort((a, b) => Number(a - b)));
    expect(reached.at(-1)).toBeGreaterThanOrEqual(written.position!.commit);

    const before = reached.length;
    await store.client.appendToStream(newStream(), newEvents(40));
    const { commit } = await newest();
    while (reached.length < before + 2) await new Promise(setImmediate);
    expect(reached.at(-1)).toBeLessThanOrEqual(commit);
    await subscription.unsubscribe();
  });

  it('that reads slowly gets everything, in order', async () => {
    const fromPosition = await newest();
    const subscription = store.client.subscribeToAll({
      fromPosition,
      filter: streamNameFilter({ prefixes: ['slow-'] }),
    });
    await once(subscription, 'confirmation');
    const written: string[] = [];
    for (let count = 0; count < 30; count++) {
      const events = newEvents(1_000);
      await store.client.appendToStream(newStream('slow'), events);
      written.push(...ids(events));
    }
    expect(await take(subscription, written.length)).toEqual(written);
    await subscription.unsubscribe();
  });

  it('that stops reading falls behind, gets everything when it reads again, and is told twice that it caught up', async () => {
    const category = `behind${randomUUID().slice(0, 8)}`;
    const fromPosition = await newest();
    const filter = streamNameFilter({ prefixes: [category] });
    const subscription = store.client.subscribeToAll({ fromPosition, filter });
    let caughtUp = 0;
    subscription.on('caughtUp', () => caughtUp++);
    await once(subscription, 'caughtUp');
    const note = 'x'.repeat(1_000);
    const written: string[] = [];
    for (let count = 0; count < 40; count++) {
      const events = newEvents(1_000).map((event) => ({ ...event, data: { note } }));
      await store.client.appendToStream(newStream(category), events);
      written.push(...ids(events));
    }
    expect(caughtUp).toBe(1);
    expect(await take(subscription, written.length)).toEqual(written);
    while (caughtUp < 2) await new Promise(setImmediate);
    await subscription.unsubscribe();
  });

  it('is one of many', async () => {
    const fromPosition = await newest();
    const subscriptions = Array.from({ length: 20 }, () => store.client.subscribeToAll({ fromPosition }));
    const events = newEvents(50);
    await store.client.appendToStream(newStream(), events);
    for (const subscription of subscriptions) {
      expect((await gather<ResolvedEvent>(subscription, 50)).map(idOf)).toEqual(ids(events));
    }
  });
});
