import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { binaryEvent, jsonEvent } from '@eventstore/db-client';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { startTemporaryStores, type TemporaryStores } from '#embedded';
import { ledgerRegistry } from '../testing/ledger.js';
import { StoreUnavailable } from './errors.js';
import { EventStore } from './event-store.js';
import { decodeAnswer, type ReadAnswer } from './read-answer.js';
import { ReadCall } from './read-call.js';
import { readAll } from './read-request.js';

describe('reading as bytes', () => {
  let stores: TemporaryStores;
  let store: EventStore;

  beforeAll(async () => {
    stores = await startTemporaryStores();
    store = EventStore.connect(stores.eventStoreUrl, ledgerRegistry);
  });
  afterAll(async () => {
    await store?.close();
    await stores?.stop();
  });

  const add = async (stream: string, ...events: Parameters<typeof store.client.appendToStream>[1][]) =>
    (await store.client.appendToStream(stream, events.flat())).position!.commit;

  it('gives what the stock client gives, of every kind of event', async () => {
    await add('ledger-same', jsonEvent({ type: 'Added', data: { text: 'é 🙂' }, metadata: { a: [1] } }));
    await add('ledger-same', jsonEvent({ type: 'Added', data: 'only text' as never }));
    await add('ledger-same', binaryEvent({ type: 'Bytes', data: Buffer.from([0, 255]) }));
    await store.client.setStreamMetadata('ledger-same', { maxAge: 1_000_000 });
    const expected = [];
    for await (const { event } of store.client.readAll()) {
      const { streamId: stream, position, id, type, revision, created, data, metadata = {} } = event!;
      expected.push({ stream, id, type, revision, created, data, metadata, position: position!.commit });
    }
    const read = (await store.readAfter(-1n, 1_000)).map(
      ({ stream, id, type, revision, created, data, metadata, position }) => {
        const plain = data instanceof Uint8Array ? new Uint8Array(data) : data;
        return { stream, id, type, revision, created, data: plain, metadata, position };
      },
    );
    expect(read).toEqual(expected);
    expect(read.length).toBeGreaterThan(3);
  });

  it('gives of a part of all events only those at the positions asked for', async () => {
    const event = jsonEvent({ type: 'Added', data: {} });
    const streams = ['ledger-1', 'ledger-2', 'ledger-3'];
    const added = [];
    for (const stream of streams) added.push(await add(stream, event));
    const [first, , third] = added;
    const found = await store.allFrom(first!, 3, new Set([first!, third!]));
    expect(found.map(({ position, stream }) => [position, stream])).toEqual([
      [first, 'ledger-1'],
      [third, 'ledger-3'],
    ]);
    expect(await store.allFrom(first!, 3)).toHaveLength(3);
  });

  it('takes ids in halves, positions beyond 32 bits, and leaves out what a link points from', () => {
    const id = 'f0e1d2c3-0000-4000-8000-00000000000a';
    const [most, least] = ['f0e1d2c300004000', '800000000000000a'].map((hex) =>
      String(BigInt.asIntN(64, BigInt(`0x${hex}`))),
    );
    const halves = new shared.UUID.Structured().setMostSignificantBits(most!).setLeastSignificantBits(least!);
    const recorded = new streams.ReadResp.ReadEvent.RecordedEvent()
      .setId(new shared.UUID().setStructured(halves))
      .setStreamIdentifier(new shared.StreamIdentifier().setStreamName(Buffer.from('ä-1')))
      .setStreamRevision(String(2n ** 63n - 1n))
      .setCommitPosition(String(2n ** 40n + 1n))
      .setPreparePosition(String(2n ** 40n));
    const event = new streams.ReadResp.ReadEvent().setLink(recorded).setEvent(recorded);
    const bytes = (answer: streams.ReadResp) => Buffer.from(answer.serializeBinary());
    expect(decodeAnswer(bytes(new streams.ReadResp().setEvent(event))).event).toMatchObject({
      ...{ id, stream: 'ä-1', revision: 2n ** 63n - 1n },
      position: { commit: 2n ** 40n + 1n, prepare: 2n ** 40n },
    });
    event.clearEvent();
    expect(decodeAnswer(bytes(new streams.ReadResp().setEvent(event)))).toEqual({});
    expect(decodeAnswer(bytes(new streams.ReadResp().setCaughtUp(new streams.ReadResp.CaughtUp())))).toEqual(
      {},
    );
  });

  it('tells of events and of how far it has come in one order', async () => {
    const from = (await store.head([''], -1n))?.position ?? -1n;
    const subscription = store.subscribe(['ledger-'], from);
    const [first, , last] = [
      await add('ledger-order', jsonEvent({ type: 'Added', data: { amount: 1 } })),
      await add('foreign-1', ...Array.from({ length: 600 }, () => jsonEvent({ type: 'Other', data: {} }))),
      await add('ledger-order', jsonEvent({ type: 'Added', data: { amount: 2 } })),
    ];
    const answers: ReadAnswer[] = [];
    while (answers.at(-1)?.event?.position.commit !== last) answers.push(...(await subscription.next())!);
    const reached = answers.map(({ event, checkpoint }) => event?.position.commit ?? checkpoint);
    const positions = reached.filter((position) => position !== undefined);
    expect(positions).toEqual([...positions].sort((one, other) => Number(one - other)));
    expect(answers.flatMap(({ event }) => event?.position.commit ?? [])).toEqual([first, last]);
    expect(answers.some(({ checkpoint }) => checkpoint !== undefined && checkpoint > first)).toBe(true);
    subscription.cancel();
    expect(await subscription.next()).toBeUndefined();
  });

  it('stops reading while nothing is taken, and goes on when it is', async () => {
    const many = 9_000;
    for (let n = 0; n < many / 1_000; n++)
      await add(
        'foreign-2',
        Array.from({ length: 1_000 }, () => jsonEvent({ type: 'Other', data: {} })),
      );
    const call = new ReadCall(store.client, readAll('start'), Infinity);
    while (call['waiting'].length < 4_000) await new Promise(setImmediate);
    // Another read has its turn, so the first could go on; what is not asked for must not pile up.
    expect((await store.readAfter(-1n, 2 * many)).length).toBeGreaterThanOrEqual(many);
    const answered: number[] = [];
    for (let answers; (answers = await call.next());) answered.push(answers.length);
    expect(answered[0]).toBe(4_000);
    expect(answered.reduce((sum, each) => sum + each, 0)).toBeGreaterThanOrEqual(many);
    call.cancel();
  });

  it('leaves nothing open behind calls that were broken off, or never came about', async () => {
    const other = EventStore.connect(stores.eventStoreUrl, ledgerRegistry);
    const early = other.subscribe(['ledger-'], -1n);
    early.cancel();
    expect(await early.next()).toBeUndefined();
    const reading = new ReadCall(other.client, readAll('start'), Infinity);
    await reading.next();
    reading.cancel();
    while (other.client['disposableStreams'].size > 0) await new Promise(setImmediate);
    await other.close();
  });

  it('names a store that cannot be reached, and one that does not answer in time', async () => {
    const options = { attempts: 1, callTimeout: 2_000 };
    const nowhere = EventStore.connect('esdb://127.0.0.1:1?tls=false', ledgerRegistry, options);
    await expect(nowhere.readAfter(-1n, 1)).rejects.toThrow(StoreUnavailable);
    await expect(nowhere.subscribe([''], -1n).next()).rejects.toMatchObject({ type: 'unavailable' });
    const hasty = EventStore.connect(stores.eventStoreUrl, ledgerRegistry, { attempts: 1, callTimeout: 0 });
    await expect(hasty.readAfter(-1n, 1_000)).rejects.toThrow(StoreUnavailable);
    await Promise.all([nowhere.close(), hasty.close()]);
  });
});
