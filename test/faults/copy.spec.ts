import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  binaryEvent,
  EventStoreDBClient,
  jsonEvent,
  NO_STREAM,
  StreamDeletedError,
  StreamNotFoundError,
  type AllStreamRecordedEvent,
} from '@eventstore/db-client';
import { startTemporaryStores, type TemporaryStores } from '#embedded';
import { gather } from '../conformance/open-store.js';
import { startCommand, startEventStore, type EventStoreProcess } from '../support/event-store.js';
import { IS_LONG } from '../support/setting.js';

/** COPY_EVENTS=100000 for the full size. */
const EVENTS = Number(process.env.COPY_EVENTS ?? (IS_LONG ? 20_000 : 11_000));
/** At equal parts of the way; one is beyond 5,000 events, where a copy first notes how far it is. */
const KILLS = IS_LONG ? 2 : 1;

let folder: string;
let source: TemporaryStores;
let target: EventStoreProcess;
let from: EventStoreDBClient;
let to: EventStoreDBClient;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'copy-'));
  [source, target] = await Promise.all([startTemporaryStores(), startEventStore(folder)]);
  from = EventStoreDBClient.connectionString(source.eventStoreUrl);
  to = EventStoreDBClient.connectionString(target.url);
});
afterEach(async () => {
  await Promise.all([from?.dispose(), to?.dispose()]);
  target?.child.kill('SIGTERM');
  await Promise.all([target?.ended, source?.stop()]);
  await rm(folder, { recursive: true, force: true });
});

const copy = () => startCommand('event-store', 'copy', '--from', source.eventStoreUrl, '--to', target.url);

/** Appends of one to four events, side by side, so that streams interleave; two appends a stream. */
async function fill(events: number): Promise<void> {
  let left = events;
  const write = async (writer: number) => {
    for (let turn = 0; left > 0; turn++) {
      const size = Math.min(1 + (turn % 4), left);
      left -= size;
      const happened = Array.from({ length: size }, (_, ordinal) =>
        jsonEvent({
          type: 'happened',
          data: { writer, turn, ordinal, text: 'x'.repeat(150) },
          metadata: { recordedAt: '2026-01-01T00:00:00.000Z' },
        }),
      );
      await from.appendToStream(`filled-${writer}-${turn >> 1}`, happened);
    }
  };
  await Promise.all(Array.from({ length: 64 }, (_, writer) => write(writer)));
}

async function eventsOf(client: EventStoreDBClient): Promise<AllStreamRecordedEvent[]> {
  const events: AllStreamRecordedEvent[] = [];
  for await (const { event } of client.readAll()) {
    if (!event!.streamId.startsWith('$') && !event!.type.startsWith('$')) events.push(event!);
  }
  return events;
}

const identity = ({ streamId, revision, id, type }: AllStreamRecordedEvent) =>
  `${streamId} ${revision} ${id} ${type}`;

/** The newest position in $all, as a measure of how far a copy has come. */
async function endOf(client: EventStoreDBClient): Promise<bigint> {
  const [last] = await gather<{ event: AllStreamRecordedEvent }>(
    client.readAll({ direction: 'backwards', fromPosition: 'end', maxCount: 1 }),
  );
  return last?.event.position.commit ?? 0n;
}

describe('coop event-store copy', () => {
  it(`copies ${EVENTS} events, killed and resumed (${KILLS}): the same streams and order, each event once`, async () => {
    await fill(EVENTS);
    const whole = await endOf(from);
    for (let kill = 1; kill <= KILLS; kill++) {
      const part = (whole * BigInt(kill)) / BigInt(KILLS + 1);
      const { child, ended } = copy();
      while ((await endOf(to)) < part && child.exitCode === null);
      child.kill('SIGKILL');
      expect((await ended).status).toBeNull();
    }
    const last = copy();
    expect(await last.ended).toEqual({ status: 0, said: '' });
    expect(last.output()).toContain('Verified');
    if (process.env.COPY_EVENTS) console.log(last.output());
    const [expected, copied] = [await eventsOf(from), await eventsOf(to)];
    expect(expected).toHaveLength(EVENTS);
    expect(copied.map(identity)).toEqual(expected.map(identity));
    for (const [index, event] of copied.entries()) {
      const { originalCreated, ...metadata } = event.metadata as Record<string, string>;
      expect(new Date(originalCreated!)).toEqual(expected[index]!.created);
      if (index % 100 === 0)
        expect([event.data, metadata]).toEqual([expected[index]!.data, expected[index]!.metadata]);
    }
  }, 600_000);

  it('keeps bytes, stream metadata, soft deletions and tombstones, and adds what came later', async () => {
    const bytes = randomBytes(1_000);
    await from.appendToStream('binary', binaryEvent({ type: 'scan', data: bytes, metadata: bytes }));
    await from.appendToStream(
      'limited',
      [1, 2, 3].map((n) => jsonEvent({ type: 'counted', data: { n } })),
    );
    await from.setStreamMetadata('limited', { maxCount: 2, owner: 'office' });
    for (const stream of ['gone', 'back', 'dead']) {
      await from.appendToStream(stream, jsonEvent({ type: 'happened', data: {} }));
    }
    await from.deleteStream('gone');
    await from.deleteStream('back');
    await from.appendToStream('back', jsonEvent({ type: 'happened', data: { again: true } }));
    await from.tombstoneStream('dead');
    expect(await copy().ended).toEqual({ status: 0, said: '' });

    const [scan] = await eventsOf(to);
    expect([scan!.data, scan!.metadata].map((part) => Buffer.from(part as Uint8Array))).toEqual([
      bytes,
      bytes,
    ]);
    expect((await to.getStreamMetadata('limited')).metadata).toMatchObject({ maxCount: 2, owner: 'office' });
    expect(await gather(to.readStream('limited'))).toHaveLength(2);
    await expect(gather(to.readStream('gone'))).rejects.toThrow(StreamNotFoundError);
    expect(await gather(to.readStream('back'))).toHaveLength(1);
    await expect(gather(to.readStream('dead'))).rejects.toThrow(StreamDeletedError);

    await from.appendToStream('limited', jsonEvent({ type: 'counted', data: { n: 4 } }));
    const again = copy();
    expect(await again.ended).toEqual({ status: 0, said: '' });
    expect(again.output()).toContain('Copied 1 events');
    expect((await eventsOf(to)).map(identity)).toEqual((await eventsOf(from)).map(identity));
  });

  it('refuses a target that holds other events, and names one', async () => {
    await fill(10);
    await to.appendToStream('filled-0-0', jsonEvent({ type: 'other', data: {} }), {
      expectedRevision: NO_STREAM,
    });
    expect(await copy().ended).toEqual({
      status: 2,
      said: expect.stringContaining('the target holds events already (revision 0 of stream filled-0-0'),
    });
    expect(await eventsOf(to)).toHaveLength(1);
  });

  it('names what differs, with status 1', async () => {
    await fill(10);
    expect((await copy().ended).status).toBe(0);
    await to.appendToStream('stray', jsonEvent({ type: 'other', data: {} }));
    expect(await copy().ended).toEqual({
      status: 1,
      said: expect.stringMatching(/^revision 0 of stream stray, event .* is in the target only\n$/),
    });
  });
});
