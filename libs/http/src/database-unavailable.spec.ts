import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTemporaryStores, type TemporaryStores } from '#embedded';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { toProblem } from './problem.filter.js';

describe('a query', () => {
  let stores: TemporaryStores;
  let dataSource: DataSource;
  beforeAll(async () => {
    stores = await startTemporaryStores();
    dataSource = await new DataSource({
      type: 'postgres',
      url: stores.databaseUrl,
      poolErrorHandler: () => undefined,
      extra: { connectionTimeoutMillis: 2_000 },
    }).initialize();
  });
  afterAll(async () => {
    await dataSource?.destroy();
    await stores?.stop();
  });

  const problemOf = async (sql: string) =>
    toProblem(
      await dataSource.query(sql).then(
        () => undefined,
        (error: unknown) => error,
      ),
    );

  const unavailable = { status: 503, code: 'DatabaseUnavailable', retryAfter: 2 };

  it('is answered with 503 when its connection ends between two statements of a transaction', async () => {
    const interrupted = dataSource.transaction(async (manager) => {
      const [{ pid }] = await manager.query('select pg_backend_pid() as pid');
      const other = new pg.Client(stores.databaseUrl);
      await other.connect();
      await other.query('select pg_terminate_backend($1, 5000)', [pid]);
      await other.end();
      while (!manager.queryRunner!.isReleased) await new Promise(setImmediate);
      return manager.query('select 1');
    });
    const error: unknown = await interrupted.catch((thrown: unknown) => thrown);
    expect(toProblem(error)).toMatchObject(unavailable);
  });

  it('is answered with 503 when its connection ends, and when there is none to be had', async () => {
    const ended = problemOf('select pg_sleep(60)');
    const other = new pg.Client(stores.databaseUrl);
    await other.connect();
    const sleeping =
      "select pg_terminate_backend(pid) from pg_stat_activity where query = 'select pg_sleep(60)'";
    while ((await other.query(sleeping)).rowCount === 0);
    await other.end();
    expect(await ended).toMatchObject(unavailable);
    await stores.stop();
    expect(await problemOf('select 1')).toMatchObject(unavailable);
  });

  it('is a fault of ours when it is wrong', async () => {
    expect(toProblem(Object.assign(new Error('no such column'), { code: '42703' }))).toMatchObject({
      status: 500,
    });
  });
});
