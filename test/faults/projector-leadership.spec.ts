import type { ChildProcess } from 'node:child_process';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { TemporaryStores } from '#embedded';
import { EventStore, ProjectionPositions } from '#event-sourcing';
import { eventRegistry, projections, streamPrefixes } from '#application';
import pg from 'pg';
import { recordActivity } from '../support/activity-events.js';
import { activityRows, forkProjector, killed, makeReadModel, summarized } from '../support/projectors.js';
import { IS_LONG } from '../support/setting.js';
import { openStores } from '../support/stores.js';

/** Kills, two seconds apart. */
const KILLS = IS_LONG ? 60 : 2;
const WITHIN = 5_000;

describe('several projectors', () => {
  let stores: TemporaryStores;
  let store: EventStore;
  let activities = 0;
  const children = new Set<ChildProcess>();
  const endings: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    stores = await openStores();
    store = EventStore.connect(stores.eventStoreUrl, eventRegistry);
  });
  afterEach(async () => {
    await Promise.all([...children].map(killed));
    children.clear();
    await Promise.all(endings.splice(0).map((end) => end()));
  });
  afterAll(async () => {
    await store?.close();
    await stores?.stop();
  });

  /** Projectors on a database of this name, and what is looked at from outside. */
  async function startProjectors(name: string, ...names: readonly string[]) {
    const databaseUrl = await makeReadModel(stores.databaseUrl, name);
    const sql = new pg.Client(databaseUrl);
    await sql.connect();
    endings.push(() => sql.end());
    // Every move of a checkpoint, in the order of their commits: the row's lock is held from here to there.
    await sql.query(
      'create table public.move (n bigserial primary key, name text, epoch bigint, position bigint)',
    );
    await sql.query(`create function public.note_move() returns trigger language plpgsql as $$ begin
      insert into public.move (name, epoch, position) values (new.name, new.epoch, new.position); return new; end $$`);
    await sql.query(`create trigger note_move after update on public.projection for each row
      when (old.position <> new.position) execute function public.note_move()`);
    const positions = new ProjectionPositions(databaseUrl);
    await positions.start();
    endings.push(() => positions.stop());
    const processes = new Map<string, ChildProcess>();
    /** The address names the process, so that its connections can be told from the others'. */
    const startOne = (process: string) => {
      const child = forkProjector(stores.eventStoreUrl, `${databaseUrl}?application_name=${process}`);
      children.add(child);
      processes.set(process, child);
    };
    for (const process of names) startOne(process);
    return { databaseUrl, sql, positions, startOne, processes };
  }
  type Started = Awaited<ReturnType<typeof startProjectors>>;
  const startThree = (name: string) => startProjectors(name, 'first', 'second', 'third');

  /** Asks until an answer is what is waited for. */
  async function asked<Row>({ sql }: Started, text: string, holds: (rows: Row[]) => boolean): Promise<Row[]> {
    for (;;) {
      const rows = (await sql.query(text)).rows as Row[];
      if (holds(rows)) return rows;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  /** Of the activities' leader, once it is beyond `after`. */
  async function nextEpoch(three: Started, after: number): Promise<number> {
    const text = "select epoch::int from public.projection where name = 'activities'";
    const [row] = await asked<{ epoch: number }>(three, text, ([first]) => (first?.epoch ?? 0) > after);
    return row!.epoch;
  }
  /** Leads the activities. */
  async function leader(three: Started): Promise<ChildProcess> {
    const { processes } = three;
    const [row] = await asked<{ name: string }>(
      three,
      `select activity.application_name as name from pg_locks held join pg_stat_activity activity using (pid)
       where held.locktype = 'advisory' and held.granted and activity.datname = current_database()
         and held.objid::bigint = hashtext('activities')::bigint & 4294967295`,
      ([first]) => first !== undefined && processes.has(first.name),
    );
    return processes.get(row!.name)!;
  }
  /** Waits until so many processes lead or stand by, with a connection for every projection. */
  async function connected(three: Started, names: readonly string[], count: number): Promise<void> {
    await asked<{ name: string; connections: number }>(
      three,
      `select application_name as name, count(*)::int as connections from pg_stat_activity
       where datname = current_database() and state is not null group by 1`,
      (rows) =>
        rows.filter(({ name, connections }) => names.includes(name) && connections >= projections.length)
          .length >= count,
    );
  }
  const nameOf = ({ processes }: Started, child: ChildProcess) =>
    [...processes].find(([, one]) => one === child)![0];
  const caughtUp = async ({ positions, databaseUrl }: Started, position: bigint, timeout = 60_000) => {
    for (const { name } of projections)
      expect([name, await positions.whenCaughtUp(name, position, timeout)]).toEqual([name, true]);
    await summarized(databaseUrl);
  };
  async function compareWithReplay(three: Started): Promise<void> {
    const clean = await startProjectors(`replay_of_${three.databaseUrl.split('/').pop()}`, 'replay');
    const head = (await store.head(streamPrefixes))!.position;
    await caughtUp(clean, head);
    expect(await activityRows(three.databaseUrl)).toEqual(await activityRows(clean.databaseUrl));
  }
  /** No leadership writes once a later one has, and no two projections' share an epoch. */
  async function expectEpochsInOrder({ sql }: Started): Promise<number> {
    const { rows } = await sql.query('select name, epoch::int, position::int8 from public.move order by n');
    const newest = new Map<string, number>();
    const owners = new Map<number, string>();
    for (const { name, epoch } of rows as { name: string; epoch: number }[]) {
      expect(epoch).toBeGreaterThanOrEqual(newest.get(name) ?? 0);
      newest.set(name, epoch);
      expect(owners.get(epoch) ?? name).toBe(name);
      owners.set(epoch, name);
    }
    return owners.size;
  }

  it(
    'make the rows of a clean replay while the one that leads is killed every two seconds',
    async () => {
      const three = await startThree('killed_leaders');
      let isOver = false;
      const load = (async () => {
        while (!isOver) await recordActivity(store, activities++);
      })();
      const endLoad = () => {
        isOver = true;
        return load;
      };
      endings.push(endLoad);
      let epoch = await nextEpoch(three, 0);
      for (let kill = 0; kill < KILLS; kill++) {
        // Another stands by: a process takes seconds to start on a busy machine.
        await connected(three, [...three.processes.keys()], 2);
        const dying = await leader(three);
        const since = performance.now();
        await killed(dying);
        epoch = await nextEpoch(three, epoch);
        expect(performance.now() - since).toBeLessThan(WITHIN);
        three.startOne(nameOf(three, dying));
        await new Promise((resolve) => setTimeout(resolve, 2_000));
      }
      await endLoad();
      await caughtUp(three, (await store.head(streamPrefixes))!.position);
      expect(await expectEpochsInOrder(three)).toBeGreaterThan(KILLS);
      await compareWithReplay(three);
    },
    60_000 + KILLS * 15_000,
  );

  it('do not wait for one that is stopped, which can change nothing when it goes on', async () => {
    const three = await startThree('stopped_leader');
    await caughtUp(three, await recordActivity(store, activities++));
    await connected(three, [...three.processes.keys()], 3);
    const epoch = await nextEpoch(three, 0);
    const stopped = await leader(three);
    stopped.kill('SIGSTOP');
    const since = performance.now();
    const later = await recordActivity(store, activities++);
    await nextEpoch(three, epoch);
    expect(performance.now() - since).toBeLessThan(WITHIN);
    await caughtUp(three, later);
    const rows = await activityRows(three.databaseUrl);
    stopped.kill('SIGCONT');
    // It has noticed once it waits to lead again, where its connections were ended.
    await connected(three, [nameOf(three, stopped)], 1);
    expect([stopped.exitCode, stopped.signalCode]).toEqual([null, null]);
    expect(await activityRows(three.databaseUrl)).toEqual(rows);
    // It leads again when the others are gone.
    for (const child of three.processes.values()) if (child !== stopped) await killed(child);
    await caughtUp(three, await recordActivity(store, activities++));
    await expectEpochsInOrder(three);
    await compareWithReplay(three);
  }, 120_000);
});
