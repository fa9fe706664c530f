import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  BACKWARDS,
  END,
  FORWARDS,
  START,
  StreamDeletedError,
  StreamNotFoundError,
  type AllStreamResolvedEvent,
  type AppendResult,
  type JSONEventData,
  type ResolvedEvent,
} from '@eventstore/db-client';
import { gather, newEvents, newStream, openStore, type OpenStore } from './open-store.js';

let store: OpenStore;
beforeAll(async () => void (store = await openStore()));
afterAll(() => store.close());

describe('reading a stream', () => {
  const stream = newStream();
  const read = async (options: Parameters<OpenStore['client']['readStream']>[1]) =>
    (await gather<ResolvedEvent>(store.client.readStream(stream, options))).map(({ event }) =>
      Number(event!.revision),
    );
  beforeAll(async () => void (await store.client.appendToStream(stream, newEvents(5))));

  it.each([
    ['forwards, the revision included', FORWARDS, 2n, undefined, [2, 3, 4]],
    ['forwards, so many', FORWARDS, START, 2, [0, 1]],
    ['forwards from past the end', FORWARDS, 5n, undefined, []],
    ['forwards from the end', FORWARDS, END, undefined, []],
    ['backwards, the revision included', BACKWARDS, 2n, undefined, [2, 1, 0]],
    ['backwards from the end, so many', BACKWARDS, END, 2, [4, 3]],
    ['backwards from past the end', BACKWARDS, 99n, 1, [4]],
    ['backwards from the start', BACKWARDS, START, undefined, [0]],
  ] as const)('%s', async (_title, direction, fromRevision, maxCount, revisions) => {
    expect(await read({ direction, fromRevision, maxCount })).toEqual(revisions);
  });

  it('says that a stream is missing', async () => {
    await expect(gather(store.client.readStream(newStream()))).rejects.toThrow(StreamNotFoundError);
  });

  it('says that a deleted stream is missing, and of a tombstoned one that it is deleted', async () => {
    const [deleted, tombstoned] = [newStream(), newStream()];
    for (const name of [deleted, tombstoned]) await store.client.appendToStream(name, newEvents(1));
    await store.client.deleteStream(deleted);
    await store.client.tombstoneStream(tombstoned);
    await expect(gather(store.client.readStream(deleted))).rejects.toThrow(StreamNotFoundError);
    await expect(gather(store.client.readStream(tombstoned))).rejects.toThrow(StreamDeletedError);
  });

  it.each([
    ['$maxCount', { maxCount: 2 }, [3, 4]],
    ['$tb', { truncateBefore: 1 }, [1, 2, 3, 4]],
    ['$maxAge', { maxAge: 3_600 }, [0, 1, 2, 3, 4]],
  ])('heeds %s', async (_name, metadata, revisions) => {
    await store.client.setStreamMetadata(stream, metadata);
    expect(await read({})).toEqual(revisions);
    await store.client.setStreamMetadata(stream, {});
  });

  it('can be left half-way', async () => {
    const long = newStream();
    await store.client.appendToStream(long, newEvents(3_000));
    expect(await gather(store.client.readStream(long), 10)).toHaveLength(10);
  });
});

describe('reading $all', () => {
  let events: JSONEventData[];
  let results: AppendResult[];
  const read = async (options: Parameters<OpenStore['client']['readAll']>[0]) => {
    const known = new Set(events.map(({ id }) => id));
    const found = await gather<AllStreamResolvedEvent>(store.client.readAll(options));
    return found.flatMap(({ event }) => (known.has(event!.id) ? [event!.id] : []));
  };

  beforeAll(async () => {
    events = newEvents(4);
    results = [];
    for (const event of events) results.push(await store.client.appendToStream(newStream(), event));
  });

  it('goes forwards from a position, which is included', async () => {
    const ids = await read({ fromPosition: results[1]!.position! });
    expect(ids).toEqual(events.slice(1).map(({ id }) => id));
  });

  it('goes backwards from a position, which is not included', async () => {
    const ids = await read({ direction: BACKWARDS, fromPosition: results[2]!.position! });
    expect(ids).toEqual([events[1]!.id, events[0]!.id]);
  });

  it('goes from start to end, and back the same way', async () => {
    const there = await read({});
    expect(there).toEqual(events.map(({ id }) => id));
    expect(await read({ direction: BACKWARDS, fromPosition: END })).toEqual(there.reverse());
  });

  it('ends where it was told to', async () => {
    expect(await gather(store.client.readAll({ maxCount: 3 }))).toHaveLength(3);
  });

  it('keeps positions strictly increasing', async () => {
    const all = await gather<AllStreamResolvedEvent>(store.client.readAll());
    const positions = all.map(({ event }) => event!.position!.commit);
    expect(positions.every((position, index) => index === 0 || position > positions[index - 1]!)).toBe(true);
  });
});
