import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  EventStoreDBClient,
  jsonEvent,
  NO_STREAM,
  type AllStreamResolvedEvent,
  type AppendResult,
} from '@eventstore/db-client';
import { v4 as uuid } from 'uuid';
import { startStoreProcess, type StoreProcess } from './start-store-process.js';

const WRITERS = 16;
const EVENTS = 3;
const ROUNDS = 2;

let dataDir: string;
let store: StoreProcess | undefined;

beforeEach(async () => void (dataDir = await mkdtemp(join(tmpdir(), 'store-kill-'))));
afterEach(async () => {
  store?.child.kill('SIGTERM');
  await store?.ended;
  await rm(dataDir, { recursive: true, force: true });
});

describe('what was acknowledged is there after kill -9', () => {
  const victims: [string, (store: StoreProcess) => void][] = [
    ['of the node, whose PostgreSQL is taken over', ({ child }) => child.kill('SIGKILL')],
    ['of PostgreSQL', ({ postgresPid }) => process.kill(postgresPid, 'SIGKILL')],
    [
      'of both',
      ({ child, postgresPid }) => {
        child.kill('SIGKILL');
        process.kill(postgresPid, 'SIGKILL');
      },
    ],
  ];

  it.each(victims)('%s', async (_title, kill) => {
    const acknowledged = new Map<string, AppendResult>();
    for (let round = 1; round <= ROUNDS; round++) {
      store = await startStoreProcess(dataDir);
      await writeUntilKilled(store, acknowledged, () => kill(store!));
    }
    store = await startStoreProcess(dataDir);
    await expectAllThere(store, acknowledged);
  });

  it('and a server that lived on is taken over, not started anew', async () => {
    const first = await startStoreProcess(dataDir);
    first.child.kill('SIGKILL');
    await first.ended;
    store = await startStoreProcess(dataDir);
    expect(store.postgresPid).toBe(first.postgresPid);
    expect(store.log()).toContain('taken over');
  });
});

/** Many writers at once; `kill` strikes in their midst. */
async function writeUntilKilled(
  { connectionString, ended }: StoreProcess,
  acknowledged: Map<string, AppendResult>,
  kill: () => void,
): Promise<void> {
  const client = EventStoreDBClient.connectionString(connectionString);
  const enough = acknowledged.size + 300;
  const over = ended.then(() => undefined);
  const write = async () => {
    for (;;) {
      const stream = `killed-${uuid()}`;
      const events = Array.from({ length: EVENTS }, () => jsonEvent({ type: 'written', data: { stream } }));
      const result = await Promise.race([
        client.appendToStream(stream, events, { expectedRevision: NO_STREAM }).catch(() => undefined),
        over,
      ]);
      if (!result) return;
      acknowledged.set(stream, result);
      if (acknowledged.size === enough) kill();
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, write));
  await ended;
  await client.dispose();
}

async function expectAllThere(
  { connectionString }: StoreProcess,
  acknowledged: ReadonlyMap<string, AppendResult>,
): Promise<void> {
  const client = EventStoreDBClient.connectionString(connectionString);
  const streams = new Map<string, AllStreamResolvedEvent[]>();
  let last = -1n;
  for await (const resolved of client.readAll()) {
    const { streamId, position } = resolved.event!;
    expect(position.commit).toBeGreaterThan(last);
    last = position.commit;
    streams.set(streamId, [...(streams.get(streamId) ?? []), resolved]);
  }
  expect(acknowledged.size).toBeGreaterThanOrEqual(ROUNDS * 300);
  for (const [stream, { position }] of acknowledged) {
    expect(streams.get(stream)?.at(-1)?.event!.position).toEqual(position);
  }
  for (const events of streams.values()) {
    expect(events.map(({ event }) => event!.revision)).toEqual([0n, 1n, 2n]);
  }
  await client.dispose();
}
