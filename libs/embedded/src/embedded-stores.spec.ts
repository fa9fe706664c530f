import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import pg from 'pg';
import { startEventStoreNode } from './event-store-node.js';
import { DataFolderInUseError } from './postgres/ownership.js';
import { startPostgres, type Postgres } from './postgres/start-postgres.js';

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

describe('a node that is told to stop', () => {
  const credentials = { username: 'admin', password: 'changeit' };

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

    const append = client.appendToStream('orders', jsonEvent({ type: 'ordered', data: {} }), options);
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
