import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { jsonEvent } from '@eventstore/db-client';
import { startTemporaryStores, type TemporaryStores } from '#embedded';
import { idOf } from '#testing';
import { z } from 'zod';
import { AppendTooLarge, StreamDeleted, WrongExpectedRevision } from './errors.js';
import { EventRegistry } from './event-registry.js';
import { EventStore, type NewEvent } from './event-store.js';
import { isAuthentic } from './event-hash.js';
import { NO_REVISION } from './name-error.js';

const registry = new EventRegistry({
  Noted: { version: 1, schema: z.strictObject({ text: z.string() }) },
});

/** An event whose id is of its name. */
function noted(name: string, text = name): NewEvent {
  const metadata = { note: `of ${text.slice(0, 10)}` } as never;
  return { id: idOf(name), event: { type: 'Noted', data: { text } }, metadata };
}

describe('appending as bytes', () => {
  let stores: TemporaryStores;
  let store: EventStore;

  beforeAll(async () => {
    stores = await startTemporaryStores();
    store = EventStore.connect(stores.eventStoreUrl, registry);
  });
  afterAll(async () => {
    await store?.close();
    await stores?.stop();
  });

  it('stores what the stock client stores, whatever the letters', async () => {
    const texts = ['é 🙂', 'a\u0000"\\\n', '\uffff', ''];
    const { hash } = await store.append(
      'note-own',
      NO_REVISION,
      texts.map((text, n) => noted(`own ${n}`, text)),
    );
    const own = await store.streamFrom('note-own', 0n, 10);
    expect(own.map(({ data }) => data)).toEqual(texts.map((text) => ({ text })));
    expect(own.map((event) => isAuthentic(event))).toEqual([true, true, true, true]);
    expect(own.at(-1)?.metadata.hash).toBe(hash);
    await store.client.appendToStream(
      'note-stock',
      own.map(({ type, data, metadata }) => jsonEvent({ type, data: data as { text: string }, metadata })),
    );
    const stock = await store.streamFrom('note-stock', 0n, 10);
    expect(own.map(({ type, text }) => ({ type, text }))).toEqual(
      stock.map(({ type, text }) => ({ type, text })),
    );
  });

  it('gives each of many at once its own answer, refusals among them', async () => {
    const answers = await Promise.allSettled(
      Array.from({ length: 200 }, (_, n) =>
        store.append(`note-many${n % 100}`, NO_REVISION, [noted(`many ${n}`)]),
      ),
    );
    for (let n = 0; n < 100; n++) {
      const stream = `note-many${n}`;
      const [event, ...others] = await store.streamFrom(stream, 0n, 10);
      expect(others).toEqual([]);
      const { revision, position, metadata } = event!;
      expect([answers[n], answers[n + 100]]).toContainEqual({
        status: 'fulfilled',
        value: { revision, position, hash: metadata.hash },
      });
      expect([answers[n], answers[n + 100]]).toContainEqual({
        status: 'rejected',
        reason: new WrongExpectedRevision(stream, NO_REVISION, 0n),
      });
    }
  });

  it('answers what the first one did to an append that is repeated', async () => {
    const events = [noted('once'), noted('once more')];
    const first = await store.append('note-repeated', NO_REVISION, events);
    await store.append('note-repeated', first.revision, [noted('after')], first.hash);
    expect(await store.append('note-repeated', NO_REVISION, events)).toEqual(first);
  });

  it('names what the store refuses, and what is too large for any, and goes on', async () => {
    await store.append('note-deleted', NO_REVISION, [noted('deleted')]);
    await store.client.tombstoneStream('note-deleted');
    await expect(store.append('note-deleted', 0n, [noted('late')])).rejects.toThrow(StreamDeleted);
    for (const megabytes of [2, 5])
      await expect(
        store.append('note-large', NO_REVISION, [noted('large', 'x'.repeat(megabytes * 1e6))]),
      ).rejects.toThrow(AppendTooLarge);
    expect(await store.append('note-large', NO_REVISION, [noted('small')])).toMatchObject({ revision: 0n });
  });

  it('repeats what has no answer when its call breaks, so that each is written once', async () => {
    const streams = Array.from({ length: 50 }, (_, n) => `note-broken${n}`);
    const appends = streams.map((stream) => store.append(stream, NO_REVISION, [noted(stream)]));
    const waiting = store['appends']['sent'];
    while (waiting.size === 0) await new Promise(setImmediate);
    for (const { call } of waiting.values()) call.cancel();
    expect((await Promise.all(appends)).map(({ revision }) => revision)).toEqual(streams.map(() => 0n));
    expect(waiting.size).toBe(0);
  });
});
