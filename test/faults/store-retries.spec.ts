import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  BACKWARDS,
  END,
  EventStoreDBClient,
  NO_STREAM,
  type AllStreamRecordedEvent,
  type AppendResult,
} from '@eventstore/db-client';
import {
  APPENDS,
  appendsOf,
  CONNECTIONS,
  drawn,
  kills,
  SEED,
  TOTAL,
  WRITERS,
  type Kill,
} from './retried-appends.js';
import { killServer, untilItStores } from './postgres-processes.js';
import { startStoreProcess, type StoreProcess } from './start-store-process.js';
import { openConnections, type Append, type Connections } from './open-connections.js';

/** PostgreSQL waits 50 ms before it begins to flush: a kill then comes between an append and its safe storing. */
const SLOW_COMMITS = { ...process.env, PGOPTIONS: '-c commit_delay=50000 -c commit_siblings=0' };

/** Types of error that leave open whether the append was written; a refused connection has none. */
const UNANSWERED = [undefined, 'unavailable', 'deadline-exceeded'];

interface Writer {
  readonly appends: Iterator<Append, undefined>;
  /** What is not acknowledged yet; undefined once all is. */
  pending: Append | undefined;
  /** What was heard of it though, when it was sent before and has to be sent again. */
  unsure: { readonly answer?: AppendResult } | undefined;
  readonly answers: AppendResult[];
}

let dataDir: string;
let store: StoreProcess;
let connections: Connections;
let writers: Writer[];
const count = { acknowledged: 0, retried: 0, writtenBefore: 0 };

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'store-retries-'));
  writers = Array.from({ length: WRITERS }, (_, number) => {
    const appends = appendsOf(number);
    return { appends, pending: appends.next().value, unsure: undefined, answers: [] };
  });
});
afterEach(async () => {
  await connections?.close();
  store?.child.kill('SIGTERM');
  await store?.ended;
  await rm(dataDir, { recursive: true, force: true });
});

describe(`${CONNECTIONS} connections of ${APPENDS} appends each, through kill -9 (STORE_SEED=${SEED})`, () => {
  it('find each acknowledged event once, in order, and no repeat adds to it', async () => {
    let kill: Kill | undefined;
    for (const next of [...kills(), undefined]) {
      const before = store;
      store = await startStoreProcess(dataDir, SLOW_COMMITS);
      // A PostgreSQL that lived on is taken over, not started anew.
      if (kill) expect(store.postgresPid === before.postgresPid).toBe(kill.victim === 'node');
      await connections?.close();
      connections = openConnections(store.connectionString, CONNECTIONS);
      await writeUntilKilled(next);
      kill = next;
    }
    expect(count.acknowledged).toBe(TOTAL);
    // PostgreSQL ends what it began though the node was killed: each time something stored and not answered.
    const ofNode = kills().filter(({ victim }) => victim === 'node');
    expect(count.writtenBefore).toBeGreaterThanOrEqual(ofNode.length);
    if (process.env.STORE_APPENDS) console.log({ kills: kills().length, ...count });
    await expectAllThereOnce();

    const head = await headOf(store);
    await Promise.all(writers.map((writer, number) => repeatSome(writer, number)));
    expect(await headOf(store)).toBe(head);
  }, 600_000);
});

/** All writers at once, each append until it is acknowledged; resolves when the store has been killed, or all is written. */
async function writeUntilKilled(kill: Kill | undefined): Promise<void> {
  const over = store.ended.then(() => connections.heard());
  const found = await headOf(store);
  let killed = false;
  let struck: Promise<void> | undefined;
  const strike = async ({ victim }: Kill) => {
    await untilItStores(store.postgresPid);
    killed = true;
    if (victim !== 'PostgreSQL') store.child.kill('SIGKILL');
    if (victim !== 'node') killServer(store.postgresPid);
  };
  const write = async (writer: Writer, number: number) => {
    while (writer.pending) {
      const outcome = await Promise.race([connections.append(number, writer.pending), over]);
      if (!outcome && !killed) throw new Error(`the store ended by itself: ${store.log()}`);
      const { failure } = outcome ?? {};
      if (failure && !UNANSWERED.includes(failure.type)) throw new Error(failure.message);
      if (killed || !outcome?.answer) {
        // Answered after the kill: taken as lost on the way, but it counts.
        writer.unsure = { answer: writer.unsure?.answer ?? outcome?.answer };
        if (killed) return;
        continue;
      }
      const { answer } = outcome;
      if (writer.unsure) {
        count.retried++;
        const stored = answer.position!.commit <= found;
        if (stored) count.writtenBefore++;
        if (writer.unsure.answer) expect({ stored, answer }).toEqual({ stored: true, ...writer.unsure });
      }
      writer.unsure = undefined;
      writer.answers.push(answer);
      writer.pending = writer.appends.next().value;
      if (++count.acknowledged === kill?.at) struck = strike(kill);
    }
  };
  await Promise.all(writers.map(write));
  await struck;
  if (kill) await over;
}

async function expectAllThereOnce(): Promise<void> {
  const found = writers.map((): AllStreamRecordedEvent[] => []);
  let last = -1n;
  for await (const event of all()) {
    if (event.position.commit <= last)
      throw new Error(`${event.position.commit} comes after ${last} in $all`);
    last = event.position.commit;
    found[Number(event.streamId.split('-')[1])]!.push(event);
  }
  const line = (stream: string, revision: bigint, { id, data }: { id: string; data: unknown }) =>
    `${stream} ${revision} ${id} ${JSON.stringify(data)}`;
  for (const [number, { answers }] of writers.entries()) {
    const appends = [...appendsOf(number)];
    const written = appends.flatMap(({ stream, events, expectedRevision }) => {
      const first = expectedRevision === NO_STREAM ? 0n : (expectedRevision as bigint) + 1n;
      return events.map((event, index) => line(stream, first + BigInt(index), event));
    });
    // A writer goes on once it is answered, so its events lie in $all in the order in which it wrote them.
    expect(found[number]!.map((event) => line(event.streamId, event.revision, event))).toEqual(written);
    let end = 0;
    const ends = appends.map(({ events }) => found[number]![(end += events.length) - 1]!);
    expect(answers).toEqual(
      ends.map(({ revision, position }) => ({ success: true, nextExpectedRevision: revision, position })),
    );
  }
}

/** Some of a writer's appends once more, though each was acknowledged. */
async function repeatSome({ answers }: Writer, number: number): Promise<void> {
  for (const [n, append] of [...appendsOf(number)].entries()) {
    if (drawn('repeat', number, n)[0]! >= 16) continue;
    expect(await connections.append(number, append)).toEqual({ answer: answers[n] });
  }
}

async function* all(): AsyncGenerator<AllStreamRecordedEvent> {
  const client = EventStoreDBClient.connectionString(store.connectionString);
  for await (const { event } of client.readAll()) yield event as AllStreamRecordedEvent;
  await client.dispose();
}

/** Position of the last event; -1 without. */
async function headOf({ connectionString }: StoreProcess): Promise<bigint> {
  const client = EventStoreDBClient.connectionString(connectionString);
  let head = -1n;
  const newest = client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 });
  for await (const { event } of newest) head = event!.position.commit;
  await client.dispose();
  return head;
}
