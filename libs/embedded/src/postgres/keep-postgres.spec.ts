import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { keepPostgres, type Postgres } from '../index.js';

describe('a kept PostgreSQL', () => {
  let dataDir: string;
  let postgres: Postgres;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'keep-postgres-'));
    postgres = await keepPostgres({ dataDir });
  });
  afterEach(async () => {
    await postgres?.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const answers = async (): Promise<boolean> => {
    const client = new pg.Client(postgres.url('postgres'));
    client.on('error', () => undefined);
    try {
      await client.connect();
      return (await client.query('select')).rowCount === 1;
    } catch {
      return false;
    } finally {
      await client.end().catch(() => undefined);
    }
  };
  const kill = async () =>
    process.kill(
      parseInt(await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8'), 10),
      'SIGKILL',
    );

  it('is back at its address after each kill -9', async () => {
    for (let kills = 0; kills < 2; kills++) {
      while (!(await answers()));
      await kill();
      while (await answers());
    }
    while (!(await answers()));
    await expect(postgres.ensureDatabase('still_works')).resolves.toContain('still_works');
  });

  it('is waited for while it cannot start, and can be stopped then', async () => {
    const version = join(dataDir, 'postgres', 'PG_VERSION');
    await writeFile(version, 'not a version');
    await kill();
    while (await answers());
    await writeFile(version, '18\n');
    while (!(await answers()));
    await writeFile(version, 'not a version');
    await kill();
    while (await answers());
    await postgres.stop();
    expect(await answers()).toBe(false);
    await writeFile(version, '18\n');
  });
});
