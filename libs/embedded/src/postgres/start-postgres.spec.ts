import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { DataFolderInUseError } from './ownership.js';
import { startPostgres, type Postgres } from './start-postgres.js';

describe('startPostgres', () => {
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
