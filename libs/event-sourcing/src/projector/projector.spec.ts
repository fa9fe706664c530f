import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Subscription } from '../store/event-store.js';
import { ledgerProjection } from '../testing/ledger.js';
import { startLedgers, until, type Ledgers } from '../testing/projectors.js';
import { CheckpointMissed, moveCheckpoint, NewerProjection, takeOver } from './checkpoint.js';
import { projectionStatuses } from './lag.js';
import type { Projection } from './projection.js';
import type { ProjectorsOptions } from './projectors.js';

describe('Projector', () => {
  let ledgers: Ledgers;

  beforeAll(async () => {
    ledgers = await startLedgers(['ledger']);
  });
  afterEach(() => ledgers.stopAll());
  afterAll(() => ledgers?.stop());

  const start = ({
    projection = ledgerProjection,
    ...changes
  }: Partial<ProjectorsOptions> & { projection?: Projection } = {}) => ledgers.start([projection], changes);
  const sumOf = async (id: string, at?: bigint) => {
    const { rows } = await ledgers.sql.query(
      'select sum::int, changes from ledger.account where id = $1 and from_position <= $2 and to_position > $2',
      [id, String(at ?? 9223372036854775806n)],
    );
    return rows as { sum: number; changes: number }[];
  };

  it('applies events, and keeps what was true before', async () => {
    start();
    const first = await ledgers.add('ledger-1', [1, 2]);
    const second = await ledgers.add('ledger-1', [4]);
    await ledgers.caughtUp(second);
    expect(await sumOf('ledger-1')).toEqual([{ sum: 7, changes: 3 }]);
    expect((await sumOf('ledger-1', first))[0]!.sum).toBe(3);
  });

  it('moves its position with events of others', async () => {
    start();
    await ledgers.caughtUp(await ledgers.add('other-1', [1]));
    expect(await sumOf('other-1')).toEqual([]);
  });

  it('applies each event once when its connections are cut again and again', async () => {
    start({ batch: 7 });
    let last = 0n;
    for (let round = 0; round < 10; round++) {
      last = await ledgers.add(
        'ledger-cut',
        Array.from({ length: 50 }, () => 1),
      );
      await ledgers.sql.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'projector ledger'",
      );
    }
    await ledgers.caughtUp(last);
    expect(await sumOf('ledger-cut')).toEqual([{ sum: 500, changes: 500 }]);
  });

  it('lets one of several lead, and another take over', async () => {
    const first = start();
    start();
    await ledgers.caughtUp(await ledgers.add('ledger-lead', [1]));
    await first.stop();
    await ledgers.caughtUp(await ledgers.add('ledger-lead', [1]));
    expect(await sumOf('ledger-lead')).toEqual([{ sum: 2, changes: 2 }]);
  });

  it('rolls back when the checkpoint is not where it left it', async () => {
    start();
    await ledgers.caughtUp(await ledgers.add('ledger-miss', [1]));
    const stale = { position: -1n, epoch: 0n, recordedAt: 0 };
    await expect(moveCheckpoint(ledgers.sql, 'ledger', stale, 5n, 0, 1)).rejects.toThrow(CheckpointMissed);
  });

  it('shuts out a leader of an earlier epoch', async () => {
    start();
    await ledgers.caughtUp(await ledgers.add('ledger-epoch', [1]));
    // Another leader that got in although this one still lives, as after a partition.
    await takeOver(ledgers.sql, 'ledger', 1);
    await ledgers.caughtUp(await ledgers.add('ledger-epoch', [1]));
    expect(await sumOf('ledger-epoch')).toEqual([{ sum: 2, changes: 2 }]);
  });

  it('notices a subscription that went silent', async () => {
    // The first subscription connects to nothing and says nothing, as one whose far end is gone.
    const subscribe = ledgers.store.subscribe.bind(ledgers.store);
    let end: (nothing: undefined) => void;
    const silence: Subscription = {
      next: () => new Promise<undefined>((resolve) => (end = resolve)),
      cancel: () => end(undefined),
    };
    let subscriptions = 0;
    ledgers.store.subscribe = (...given) => (subscriptions++ === 0 ? silence : subscribe(...given));
    const position = await ledgers.add('ledger-silent', [1]);
    start({ watchdog: 50 });
    await ledgers.caughtUp(position);
    ledgers.store.subscribe = subscribe;
    expect(subscriptions).toBe(2);
    expect(await sumOf('ledger-silent')).toEqual([{ sum: 1, changes: 1 }]);
  });

  it('applies the same rows whatever the batch', async () => {
    start({ batch: 1 });
    await ledgers.caughtUp(await ledgers.add('ledger-batch', [1, 2, 3, 4, 5]));
    const versions = async () =>
      (
        await ledgers.sql.query(
          "select * from ledger.account where id = 'ledger-batch' order by from_position",
        )
      ).rows;
    const one = await versions();
    await ledgers.stopAll();
    start({ projection: { ...ledgerProjection, version: 2 } });
    await ledgers.caughtUp(await ledgers.add('other-1', [1]));
    expect(await versions()).toEqual(one);
    expect(one).toHaveLength(5);
  });

  it('stops at an event it cannot apply, with everything before it applied, and says which', async () => {
    start({ projection: { ...ledgerProjection, version: 2 } });
    await ledgers.add('ledger-poison', [1, 2]);
    await ledgers.add('ledger-poison', [666, 4]);
    const state = async () =>
      (await ledgers.sql.query("select state from public.projection where name = 'ledger'")).rows[0]
        .state as string;
    await until(async () => (await state()) === 'paused');
    expect(await sumOf('ledger-poison')).toEqual([{ sum: 3, changes: 2 }]);
    const [status] = await projectionStatuses(ledgers.sql, ledgers.store, ['ledger-', 'other-'], Date.now());
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
    await ledgers.stopAll();
    const before = await projectionStatuses(ledgers.sql, ledgers.store, ['ledger-', 'other-'], Date.now());
    await ledgers.add('ledger-poison', [1]);
    for (let n = 0; n < 6; n++)
      await ledgers.add(
        'foreign-1',
        Array.from({ length: 100 }, () => 1),
      );
    const after = await projectionStatuses(ledgers.sql, ledgers.store, ['ledger-', 'other-'], Date.now());
    expect(after[0]!.lagEvents).toBe(before[0]!.lagEvents + 1);
  });

  it('leaves rows of a newer version alone', async () => {
    start();
    await ledgers.add('ledger-newer', [1]);
    const { rows } = await ledgers.sql.query("select version from public.projection where name = 'ledger'");
    expect(rows).toEqual([{ version: 2 }]);
    await expect(takeOver(ledgers.sql, 'ledger', 1)).rejects.toThrow(NewerProjection);
  });

  it('stops at once while it is still connecting', async () => {
    await start().stop();
  });
});
