import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTemporaryStores, type TemporaryStores } from '#embedded';
import pg from 'pg';
import { Summarizer } from './summarizer.js';
import type { Summary } from './summary.js';

describe('Summarizer', () => {
  let stores: TemporaryStores;
  beforeAll(async () => {
    stores = await startTemporaryStores();
  });
  afterAll(() => stores?.stop());

  it('rests longer each time that it is not let in', async () => {
    const admin = new pg.Client(stores.databaseUrl.replace(/\w+$/, 'postgres'));
    await admin.connect();
    await admin.query('alter database cooperation allow_connections false');
    await admin.end();
    const refused: number[] = [];
    let isEnough: () => void;
    const enough = new Promise<void>((resolve) => (isEnough = resolve));
    const summarizer = new Summarizer({
      ...{ databaseUrl: stores.databaseUrl, summary: { of: 'ledger' } as Summary, version: 1 },
      log: {
        info: () => undefined,
        error: () => refused.push(performance.now()) === 5 && isEnough(),
      },
    });
    const run = summarizer.run();
    await enough;
    await summarizer.stop();
    await run;
    // 100 ms, then 200, 400 and 800.
    expect(refused[4]! - refused[0]!).toBeGreaterThan(1_400);
  });
});
