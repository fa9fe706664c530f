import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { AllStreamSubscription } from '@eventstore/db-client';
import { startTemporaryStores, type TemporaryStores } from '#embedded';
import pg from 'pg';
import { v4 as uuidv4 } from 'uuid';
import { EventStore } from '../store/event-store.js';
import { ledgerProjection, ledgerRegistry, ledgerTables } from '../testing/ledger.js';
import { CheckpointMissed, moveCheckpoint, NewerProjection, takeOver } from './checkpoint.js';
import { projectionStatuses } from './lag.js';
import { ProjectionPositions } from './projection-positions.js';
import { CreateProjection1700000000000, OperateProjections1700000007000 } from './projection-tables.js';
import type { Projection } from './projection.js';
import { Projectors } from './projectors.js';

const silent = { info: () => undefined, error: () => undefined };

describe('Projector', () => {
  let stores: TemporaryStores;
  let store: EventStore;
  let sql: pg.Client;
  let positions: ProjectionPositions;
  const running = new Set<Projectors>();

  beforeAll(async () => {
    stores = await startTemporaryStores();
    store = EventStore.connect(stores.eventStoreUrl, ledgerRegistry);
    sql = new pg.Client(stores.databaseUrl);
    await sql.connect();
    const runner = { query: (text: string) => sql.query(text) } as never;
    await new CreateProjection1700000000000().up(runner);
    await new OperateProjections1700000007000().up(runner);
    for (const statement of ledgerTables) await sql.query(statement);
    positions = new ProjectionPositions(stores.databaseUrl);
    await positions.start();
  });
  afterEach(async () => {
    await stopAll();
  });
  afterAll(async () => {
    await positions?.stop();
    await sql?.end();
    await store?.close();
    await stores?.stop();
  });

  const stopAll = async () => {
    await Promise.all([...running].map((projectors) => projectors.stop()));
    running.clear();
  };
  const start = ({
    projection = ledgerProjection,
    ...changes
  }: { projection?: Projection; batch?: number; watchdog?: number } = {}) => {
    const projectors = new Projectors({
      databaseUrl: stores.databaseUrl,
      store,
      projections: [projection],
      prefixes: ['ledger-', 'other-'],
      log: silent,
      retryDelay: 1,
      ...changes,
    });
    running.add(projectors);
    projectors.start();
    return projectors;
  };
  const add = async (stream: string, amounts: number[]) => {
    const events = await store.readStream(stream);
    const id = uuidv4();
    const { position } = await store.append(
      stream,
      events.at(-1)?.revision ?? -1n,
      amounts.map((amount) => ({
        id: uuidv4(),
        event: { type: 'Added', data: { amount } },
        metadata: {
          actor: { id: 'staff-1', roles: [] },
          recordedAt: new Date().toISOString(),
          commandId: id,
          commandHash: '',
          $correlationId: id,
          $causationId: id,
        },
      })),
    );
    return position;
  };
  const caughtUp = async (position: bigint) =>
    expect(await positions.whenCaughtUp('ledger', position, 20_000)).toBe(true);
  const sumOf = async (id: string, at?: bigint) => {
    const { rows } = await sql.query(
      'select sum::int, changes from ledger.account where id = $1 and from_position <= $2 and to_position > $2',
      [id, String(at ?? 9223372036854775806n)],
    );
    return rows as { sum: number; changes: number }[];
  };

  it('applies events, and keeps what was true before', async () => {
    start();
    const first = await add('ledger-1', [1, 2]);
    const second = await add('ledger-1', [4]);
    await caughtUp(second);
    expect(await sumOf('ledger-1')).toEqual([{ sum: 7, changes: 3 }]);
    expect((await sumOf('ledger-1', first))[0]!.sum).toBe(3);
  });

  it('moves its position with events of others', async () => {
    start();
    await caughtUp(await add('other-1', [1]));
    expect(await sumOf('other-1')).toEqual([]);
  });

  it('applies each event once when its connections are cut again and again', async () => {
    start({ batch: 7 });
    let last = 0n;
    for (let round = 0; round < 10; round++) {
      last = await add(
        'ledger-cut',
        Array.from({ length: 50 }, () => 1),
      );
      await sql.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'projector ledger'",
      );
    }
    await caughtUp(last);
    expect(await sumOf('ledger-cut')).toEqual([{ sum: 500, changes: 500 }]);
  });

  it('lets one of several lead, and another take over', async () => {
    const first = start();
    start();
    await caughtUp(await add('ledger-lead', [1]));
    await first.stop();
    await caughtUp(await add('ledger-lead', [1]));
    expect(await sumOf('ledger-lead')).toEqual([{ sum: 2, changes: 2 }]);
  });

  it('rolls back when the checkpoint is not where it left it', async () => {
    start();
    await caughtUp(await add('ledger-miss', [1]));
    const stale = { position: -1n, epoch: 0n, recordedAt: 0 };
    await expect(moveCheckpoint(sql, 'ledger', stale, 5n, 0, 1)).rejects.toThrow(CheckpointMissed);
  });

  it('shuts out a leader of an earlier epoch', async () => {
    start();
    await caughtUp(await add('ledger-epoch', [1]));
    // Another leader that got in although this one still lives, as after a partition.
    await takeOver(sql, 'ledger', 1);
    await caughtUp(await add('ledger-epoch', [1]));
    expect(await sumOf('ledger-epoch')).toEqual([{ sum: 2, changes: 2 }]);
  });

  it('notices a subscription that went silent', async () => {
    // The first subscription connects to nothing and says nothing, as one whose far end is gone.
    const subscribe = store.subscribe.bind(store);
    const silence = Object.assign(new Readable({ objectMode: true, read: () => undefined }), {
      unsubscribe: () => Promise.resolve(),
    });
    let subscriptions = 0;
    store.subscribe = (...given) =>
      subscriptions++ === 0 ? (silence as unknown as AllStreamSubscription) : subscribe(...given);
    const position = await add('ledger-silent', [1]);
    start({ watchdog: 50 });
    await caughtUp(position);
    store.subscribe = subscribe;
    expect(subscriptions).toBe(2);
    expect(await sumOf('ledger-silent')).toEqual([{ sum: 1, changes: 1 }]);
  });

  it('applies the same rows whatever the batch', async () => {
    start({ batch: 1 });
    await caughtUp(await add('ledger-batch', [1, 2, 3, 4, 5]));
    const versions = async () =>
      (await sql.query("select * from ledger.account where id = 'ledger-batch' order by from_position")).rows;
    const one = await versions();
    await stopAll();
    start({ projection: { ...ledgerProjection, version: 2 } });
    await caughtUp(await add('other-1', [1]));
    expect(await versions()).toEqual(one);
    expect(one).toHaveLength(5);
  });

  it('stops at an event it cannot apply, with everything before it applied, and says which', async () => {
    const version = 3;
    start({ projection: { ...ledgerProjection, version } });
    await add('ledger-poison', [1, 2]);
    await add('ledger-poison', [666, 4]);
    const state = async () =>
      (await sql.query("select state from public.projection where name = 'ledger'")).rows[0].state as string;
    while ((await state()) !== 'paused') await new Promise(setImmediate);
    expect(await sumOf('ledger-poison')).toEqual([{ sum: 3, changes: 2 }]);
    const [status] = await projectionStatuses(sql, store, ['ledger-', 'other-'], Date.now());
    expect(status).toMatchObject({
      name: 'ledger',
      state: 'paused',
      lagEvents: 2,
      error: {
        stream: 'ledger-poison',
        revision: '2',
        type: 'Added',
        message: 'this amount cannot be applied',
      },
    });
  });

  it('counts its lag although others wrote last', async () => {
    await stopAll();
    const before = await projectionStatuses(sql, store, ['ledger-', 'other-'], Date.now());
    await add('ledger-poison', [1]);
    for (let n = 0; n < 6; n++)
      await add(
        'foreign-1',
        Array.from({ length: 100 }, () => 1),
      );
    const after = await projectionStatuses(sql, store, ['ledger-', 'other-'], Date.now());
    expect(after[0]!.lagEvents).toBe(before[0]!.lagEvents + 1);
  });

  it('leaves rows of a newer version alone', async () => {
    start({ projection: { ...ledgerProjection, version: 2 } });
    await add('ledger-newer', [1]);
    const { rows } = await sql.query("select version from public.projection where name = 'ledger'");
    expect(rows).toEqual([{ version: 3 }]);
    await expect(takeOver(sql, 'ledger', 2)).rejects.toThrow(NewerProjection);
  });

  it('stops at once while it is still connecting', async () => {
    await start().stop();
  });
});
