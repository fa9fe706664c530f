import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { keepPostgres, type Postgres } from '../index.js';
import { STAGING } from './cluster.js';

/** Beyond every process id. */
const NOBODY = 2 ** 22 + 1;

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
  const pid = async (): Promise<number> => {
    const file = await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '');
    return parseInt(file, 10);
  };
  /** Its answer is the pid that was killed. */
  const kill = async (): Promise<number> => {
    const killed = await pid();
    process.kill(killed, 'SIGKILL');
    return killed;
  };
  const isBackAfter = async (killed: number): Promise<void> => {
    while ((await pid()) === killed || !(await answers()));
  };

  it('is back at its address after each kill -9', async () => {
    for (let kills = 0; kills < 2; kills++) await isBackAfter(await kill());
    await expect(postgres.ensureDatabase('still_works')).resolves.toContain('still_works');
  });

  it('is back when it is killed again while its start is being finished', async () => {
    // The last that a start does is to remove what earlier ones left behind, one after the other: here that takes a while.
    const left = Array.from({ length: 1_000 }, (_, n) => `${STAGING}${NOBODY + n}`);
    await Promise.all(left.map((name) => mkdir(join(dataDir, name))));
    const countLeft = async () => (await readdir(dataDir)).filter((name) => name.startsWith(STAGING)).length;
    await kill();
    while ((await countLeft()) === left.length);
    expect(await countLeft()).toBeGreaterThan(0);
    await isBackAfter(await kill());
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
