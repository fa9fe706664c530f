import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ANY,
  binaryEvent,
  jsonEvent,
  MaxAppendSizeExceededError,
  NO_STREAM,
  WrongExpectedVersionError,
  type AppendExpectedRevision,
  type AppendResult,
  type EventData,
  type JSONEventData,
  type ResolvedEvent,
} from '@eventstore/db-client';
import { gather, newEvents, newStream, openStore, type OpenStore } from './open-store.js';

let store: OpenStore;
beforeAll(async () => void (store = await openStore()));
afterAll(() => store.close());

const calls = [
  ['BatchAppend', {}],
  // Credentials of its own make the client fall back to the unary call.
  ['Append', { credentials: { username: 'admin', password: 'changeit' } }],
] as const;

describe.each(calls)('%s', (_, options) => {
  const append = (stream: string, expectedRevision: AppendExpectedRevision, events: EventData[]) =>
    store.client.appendToStream(stream, events, { expectedRevision, ...options });
  const idsOf = async (stream: string) =>
    (await gather<ResolvedEvent>(store.client.readStream(stream))).map(({ event }) => event!.id);
  const ids = (events: readonly JSONEventData[]) => events.map(({ id }) => id);

  async function streamOf(events: JSONEventData[]): Promise<[string, AppendResult]> {
    const stream = newStream();
    return [stream, await append(stream, NO_STREAM, events)];
  }

  it('writes one append whole, and answers its last revision and position', async () => {
    const events = newEvents(3);
    const [stream, result] = await streamOf(events);
    expect(result.nextExpectedRevision).toBe(2n);
    const stored = await gather<ResolvedEvent>(store.client.readStream(stream));
    expect(stored.map(({ event }) => event!.revision)).toEqual([0n, 1n, 2n]);
    expect(stored.at(-1)!.event!.position).toEqual(result.position);
  });

  it('gives back data, metadata, type and content type as they came', async () => {
    const stream = newStream('Größe ✓');
    const metadata = { $correlationId: 'c', note: 'ı' };
    const json = { type: 'Çox ✓', data: { text: 'Azərbaycan \u0000 \ud83d\ude00' }, metadata };
    const binary = { type: 'scan', data: Buffer.from([0, 1, 254, 255]), metadata: Buffer.from([255]) };
    await append(stream, NO_STREAM, [jsonEvent(json), binaryEvent(binary)]);
    const [first, second] = await gather<ResolvedEvent>(store.client.readStream(stream));
    expect(first!.event).toMatchObject({ ...json, streamId: stream, isJson: true });
    expect(Math.abs(Date.now() - first!.event!.created.getTime())).toBeLessThan(60_000);
    expect(second!.event).toMatchObject({ type: 'scan', isJson: false });
    expect(Buffer.from(second!.event!.data as Uint8Array)).toEqual(binary.data);
    expect(Buffer.from(second!.event!.metadata as Uint8Array)).toEqual(binary.metadata);
  });

  it('answers no position for a repeat that cannot be read any more', async () => {
    const events = newEvents(2);
    const [stream] = await streamOf(events);
    await store.client.setStreamMetadata(stream, { truncateBefore: 2 });
    const again = await append(stream, NO_STREAM, events);
    expect(again).toEqual({ success: true, nextExpectedRevision: 1n, position: undefined });
  });

  it('knows ids by the stream that had them first', async () => {
    const events = newEvents(1);
    const [stream, first] = await streamOf(events);
    const other = newStream();
    for (const revision of [0n, 1n])
      expect((await append(other, ANY, events)).nextExpectedRevision).toBe(revision);
    expect(await append(stream, ANY, events)).toEqual(first);
  });

  it('writes nothing of no events, answers where the stream stands, and brings a deleted one back', async () => {
    const [stream, { position }] = await streamOf(newEvents(2));
    const nothing = await append(stream, 1n, []);
    expect(nothing.nextExpectedRevision).toBe(1n);
    expect(nothing.position!.commit).toBeGreaterThanOrEqual(position!.commit);
    await store.client.deleteStream(stream);
    await append(stream, ANY, []);
    expect(await idsOf(stream)).toEqual([]);
  });

  it('takes 1 MiB at a time and nothing of more', async () => {
    const sized = (size: number) => [jsonEvent({ type: 'large', data: 'x'.repeat(size) })];
    const overhead = 2 + 2 * 'large'.length;
    const stream = newStream();
    const error = await append(stream, ANY, sized(2 ** 20 - overhead + 1)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(MaxAppendSizeExceededError);
    expect(error).toMatchObject({ maxAppendSize: 2 ** 20 });
    expect((await append(stream, NO_STREAM, sized(2 ** 20 - overhead))).nextExpectedRevision).toBe(0n);
  });

  it('writes thousands of events in one append', async () => {
    const events = newEvents(5_000);
    const [stream, { nextExpectedRevision }] = await streamOf(events);
    expect(nextExpectedRevision).toBe(4_999n);
    expect(await idsOf(stream)).toEqual(ids(events));
  });

  it('lets one of many writers at the same revision win', async () => {
    const [stream] = await streamOf(newEvents(1));
    const rivals = Array.from({ length: 25 }, () => newEvents(2));
    const outcomes = await Promise.allSettled(rivals.map((events) => append(stream, 0n, events)));
    const winners = rivals.filter((_rival, index) => outcomes[index]!.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(WrongExpectedVersionError);
    }
    expect((await idsOf(stream)).slice(1)).toEqual(ids(winners[0]!));
  });

  it('takes thousands of appends at once, positions strictly increasing', async () => {
    const results = await Promise.all(
      Array.from({ length: 3_000 }, () => append(newStream(), NO_STREAM, newEvents(1))),
    );
    const positions = results.map(({ position }) => position!.commit);
    expect(new Set(positions).size).toBe(3_000);
  });
});
