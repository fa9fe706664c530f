import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  EventStoreDBClient,
  jsonEvent,
  streamNameFilter,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { status } from '@grpc/grpc-js';
import pg from 'pg';
import { startEventStoreNode, type EventStoreNode } from './event-store-node.js';
import { DataFolderInUseError } from './postgres/ownership.js';
import { startPostgres, type Postgres } from './postgres/start-postgres.js';

const newEvent = () => jsonEvent({ type: 'ordered', data: {} });
/** With any, the client sends an append on a call of its own. */
const credentials = { username: 'admin', password: 'changeit' };

let dataDir: string;
let postgres: Postgres;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'embedded-postgres-'));
  postgres = await startPostgres({ dataDir });
});

afterAll(async () => {
  await postgres.stop();
  await rm(dataDir, { recursive: true, force: true });
});

describe('startPostgres', () => {
  it('answers with fsync on, and makes databases on demand', async () => {
    const client = new pg.Client(await postgres.ensureDatabase('read model'));
    await client.connect();
    const { rows } = await client.query(
      "select current_database() as name, current_setting('fsync') as fsync, current_setting('synchronous_commit') as sync",
    );
    await client.end();
    expect(rows).toEqual([{ name: 'read model', fsync: 'on', sync: 'on' }]);
  });

  it('refuses a second process on the same folder', async () => {
    await expect(startPostgres({ dataDir })).rejects.toThrow(DataFolderInUseError);
  });
});

describe('a node', () => {
  let node: EventStoreNode;
  let client: EventStoreDBClient;
  beforeAll(async () => {
    node = await startEventStoreNode({ databaseUrl: await postgres.ensureDatabase('event_store') });
    client = EventStoreDBClient.connectionString(node.connectionString);
  });
  afterAll(async () => {
    await client.dispose();
    await node.stop();
  });

  it.each([
    ['by a regular expression it cannot match in linear time', streamNameFilter({ regex: '(?!x)' }), '(?!x)'],
    ['by nothing', streamNameFilter({ regex: '' }), 'a filter needs'],
  ])('refuses a filter %s, and says so', async (_title, filter, reason) => {
    const [error] = (await once(client.subscribeToAll({ filter }), 'error')) as [Error];
    expect(error.message).toContain(`${status.INVALID_ARGUMENT} INVALID_ARGUMENT: `);
    expect(error.message).toContain(reason);
  });

  it('keeps metadata for the longest name, and names a longer one', async () => {
    const longest = 'ä'.repeat(1_000);
    await client.appendToStream(longest, newEvent());
    await client.setStreamMetadata(longest, { maxCount: 3 });
    expect((await client.getStreamMetadata(longest)).metadata).toEqual({ maxCount: 3 });
    await client.deleteStream(longest);
    await expect(client.appendToStream(`${longest}x`, newEvent(), { credentials })).rejects.toThrow(
      /at most 2000 bytes, ä{50}… has 2001/,
    );
  });

  it('writes no stream called $all, which is every stream together', async () => {
    const refusal = /\$all is every stream/;
    await expect(client.appendToStream('$all', newEvent())).rejects.toThrow(refusal);
    await expect(client.appendToStream('$all', newEvent(), { credentials })).rejects.toThrow(refusal);
    await expect(client.tombstoneStream('$all')).rejects.toThrow(refusal);
  });

  it('refuses a revision that no event can have', async () => {
    const append = client.appendToStream('orders', newEvent(), {
      expectedRevision: 2n ** 64n - 1n,
      credentials,
    });
    await expect(append).rejects.toThrow('INVALID_ARGUMENT: revisions go up to');
  });

  it('names a stream whose name begins or ends with spaces', async () => {
    const error = await client.deleteStream('  spaced ').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(WrongExpectedVersionError);
    expect(error).toMatchObject({ streamName: '%20%20spaced%20' });
  });

  it('tells nobody who began beyond the newest event to have come so far', async () => {
    const reached: bigint[] = [];
    const beyond = 2n ** 63n - 1n;
    const subscription = client.subscribeToAll({
      fromPosition: { commit: beyond, prepare: beyond },
      filter: streamNameFilter({
        prefixes: ['a'],
        checkpointReached: (_, { commit }) => void reached.push(commit),
      }),
    });
    await once(subscription.resume(), 'caughtUp');
    expect(reached).toEqual([]);
    await subscription.unsubscribe();
  });
});

describe('a node that is told to stop', () => {
  it.each([
    ['on a call of many', {}],
    ['on a call of its own', { credentials }],
  ])('says of an append it still commits that it did: %s', async (title, options) => {
    const databaseUrl = await postgres.ensureDatabase(title);
    const node = await startEventStoreNode({ databaseUrl });
    const client = EventStoreDBClient.connectionString(node.connectionString);
    const held = new pg.Client(databaseUrl);
    await held.connect();
    await held.query('begin; lock table event_store.event in exclusive mode');

    const append = client.appendToStream('orders', newEvent(), options);
    const waiting = () => held.query("select from pg_stat_activity where wait_event_type = 'Lock'");
    while ((await waiting()).rowCount === 0);
    const stopped = node.stop();
    await held.query('commit');
    expect(await append).toMatchObject({ success: true, nextExpectedRevision: 0n });

    await stopped;
    await held.end();
    await client.dispose();
  });
});
