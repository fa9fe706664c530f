import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ANY,
  binaryEvent,
  jsonEvent,
  MaxAppendSizeExceededError,
  NO_STREAM,
  STREAM_EXISTS,
  StreamDeletedError,
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

  describe('the same events again', () => {
    it('answer as the first time and write nothing, at their revision', async () => {
      const events = newEvents(3);
      const [stream, first] = await streamOf(events);
      const second = newEvents(2);
      const later = await append(stream, 2n, second);
      expect(await append(stream, NO_STREAM, events)).toEqual(first);
      expect(await append(stream, 2n, second)).toEqual(later);
      expect(await idsOf(stream)).toEqual(ids([...events, ...second]));
    });

    it('are known by their beginning: a part of the first append is repeated too', async () => {
      const events = newEvents(3);
      const [stream] = await streamOf(events);
      const { nextExpectedRevision } = await append(stream, NO_STREAM, events.slice(0, 2));
      expect(nextExpectedRevision).toBe(1n);
      expect(await idsOf(stream)).toEqual(ids(events));
    });

    it.each<AppendExpectedRevision>([ANY, STREAM_EXISTS])('are known with %s', async (expected) => {
      const events = newEvents(2);
      const [stream, first] = await streamOf(events);
      await append(stream, 1n, newEvents(1));
      expect(await append(stream, expected, events)).toEqual(first);
      expect(await idsOf(stream)).toHaveLength(3);
    });

    it('answer no position when they cannot be read any more', async () => {
      const events = newEvents(2);
      const [stream] = await streamOf(events);
      await store.client.setStreamMetadata(stream, { truncateBefore: 2 });
      const again = await append(stream, NO_STREAM, events);
      expect(again).toEqual({ success: true, nextExpectedRevision: 1n, position: undefined });
    });

    it('belong to the stream that had them first', async () => {
      const events = newEvents(1);
      const [stream, first] = await streamOf(events);
      const other = newStream();
      for (const revision of [0n, 1n])
        expect((await append(other, ANY, events)).nextExpectedRevision).toBe(revision);
      expect(await append(stream, ANY, events)).toEqual(first);
    });

    it('are written again when the revision is the current one', async () => {
      const events = newEvents(1);
      const [stream] = await streamOf(events);
      expect((await append(stream, 0n, events)).nextExpectedRevision).toBe(1n);
      expect(await idsOf(stream)).toEqual(ids([...events, ...events]));
    });

    it('are written in another stream', async () => {
      const events = newEvents(1);
      await streamOf(events);
      const other = newStream();
      await append(other, ANY, events);
      expect(await idsOf(other)).toEqual(ids(events));
    });
  });

  describe('WrongExpectedVersion', () => {
    const [one, two, three] = newEvents(3) as [JSONEventData, JSONEventData, JSONEventData];
    it.each([
      ['below the current revision, the first event another', NO_STREAM, newEvents(1), 1n],
      ['below the current revision, a later event another', NO_STREAM, [one, ...newEvents(1)], 1n],
      ['below the current revision, more events than were written', NO_STREAM, [one, two, three], 1n],
      ['above the current revision', 2n, newEvents(1), 1n],
    ] as const)('%s', async (_title, expected, events, actual) => {
      const [stream] = await streamOf([one, two]);
      const error = await append(stream, expected, [...events]).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(WrongExpectedVersionError);
      expect(error).toMatchObject({ streamName: stream, actualVersion: actual, expectedVersion: expected });
      expect(await idsOf(stream)).toEqual(ids([one, two]));
    });

    it.each<AppendExpectedRevision>([0n, STREAM_EXISTS])(
      '%s of a stream that is not there',
      async (expected) => {
        const error = await append(newStream(), expected, newEvents(1)).catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(WrongExpectedVersionError);
        expect(error).toMatchObject({ actualVersion: 'no_stream', expectedVersion: expected });
      },
    );
  });

  it('takes metadata alone for a stream that exists', async () => {
    const stream = newStream();
    await store.client.setStreamMetadata(stream, { owner: 'office' });
    expect((await append(stream, STREAM_EXISTS, newEvents(1))).nextExpectedRevision).toBe(0n);
  });

  it('continues a deleted stream where it ended, except with StreamExists', async () => {
    const [stream] = await streamOf(newEvents(3));
    await store.client.deleteStream(stream);
    await expect(append(stream, STREAM_EXISTS, newEvents(1))).rejects.toThrow(StreamDeletedError);
    const events = newEvents(1);
    expect((await append(stream, NO_STREAM, events)).nextExpectedRevision).toBe(3n);
    expect(await idsOf(stream)).toEqual(ids(events));
  });

  it.each<AppendExpectedRevision>([ANY, NO_STREAM, STREAM_EXISTS, 0n])(
    'refuses a tombstoned stream with %s',
    async (expected) => {
      const [stream] = await streamOf(newEvents(1));
      await store.client.tombstoneStream(stream);
      await expect(append(stream, expected, newEvents(1))).rejects.toThrow(StreamDeletedError);
    },
  );

  it('of no events writes nothing, answers where the stream stands, and brings a deleted one back', async () => {
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
