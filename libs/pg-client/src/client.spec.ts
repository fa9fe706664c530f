import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTemporaryStores } from '#embedded';
import { getHeapSpaceStatistics } from 'node:v8';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { Client } from './client.js';

describe('the client', () => {
  let stores: Awaited<ReturnType<typeof startTemporaryStores>>;
  let client: pg.Client;

  beforeAll(async () => {
    stores = await startTemporaryStores();
    client = new Client(stores.databaseUrl);
    await client.connect();
  });
  afterAll(async () => {
    await client?.end();
    await stores?.stop();
  });

  it('answers a text, values and a configuration, which stays as it was', async () => {
    const asked = { name: 'twice', text: 'select $1::int * 2 as n', values: [21] };
    expect((await client.query('select 1 as n; select 2 as n')) as unknown).toMatchObject([
      { rows: [{ n: 1 }] },
      { rows: [{ n: 2 }] },
    ]);
    expect((await client.query('select $1::int as n', [7])).rows).toEqual([{ n: 7 }]);
    for (const _ of [1, 2]) expect((await client.query(asked)).rows).toEqual([{ n: 42 }]);
    expect(Object.keys(asked)).toEqual(['name', 'text', 'values']);
  });

  it('takes a callback, and what submits itself', async () => {
    const rows = await new Promise((resolve, reject) =>
      client.query('select $1::int as n', [7], (error, result) =>
        error ? reject(error) : resolve(result.rows),
      ),
    );
    expect(rows).toEqual([{ n: 7 }]);
    const lines: string[] = [];
    for await (const line of client.query(copyTo('copy (select 1) to stdout'))) lines.push(String(line));
    expect(lines).toEqual(['1\n']);
  });

  it('serves a pool', async () => {
    const pool = new pg.Pool({ connectionString: stores.databaseUrl, Client });
    expect((await pool.query('select 1 as n')).rows).toEqual([{ n: 1 }]);
    await pool.end();
  });

  it('leads from an error to whoever asked', async () => {
    async function asker() {
      await client.query('select nothing');
    }
    const error = await asker().catch((error: Error) => error);
    expect(error).toBeInstanceOf(pg.DatabaseError);
    expect((error as Error).stack).toContain('asker');
  });

  it('keeps nothing of what it has answered', async () => {
    const old = () => getHeapSpaceStatistics().find(({ space_name }) => space_name === 'old_space')!;
    const many = 'select n, repeat(n::text, 20) as text from generate_series(1, 2000) n';
    for (let n = 0; n < 20; n++) await client.query(many);
    const before = old().space_used_size;
    for (let n = 0; n < 200; n++) await client.query(many);
    // 200 answers of some 400 KB; nothing collects the old generation meanwhile unless it grows by as much.
    expect(old().space_used_size - before).toBeLessThan(16 * 1024 * 1024);
  });
});
