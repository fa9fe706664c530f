import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventRegistry, projections } from '#application';
import type { TemporaryStores } from '#embedded';
import { beginGeneration, EventStore, ProjectionPositions } from '#event-sourcing';
import pg from 'pg';
import { recordYears } from '../support/activity-events.js';
import { startInstance, type RunningInstance } from '../support/instance.js';
import { activityRows, forkProjector, killed, makeReadModel, summarized } from '../support/projectors.js';
import { loadUntil, p99 } from '../support/rebuild-clients.js';
import { IS_LONG } from '../support/setting.js';
import { describeEmbedded, openStores } from '../support/stores.js';

/** 250,000 for the figures in bench/README.md. */
const ACTIVITIES = Number(process.env.REBUILD_ACTIVITIES ?? 2_000);
const isLong = ACTIVITIES >= 100_000;

describeEmbedded('a rebuild under load', () => {
  let dataDir: string;
  let instance: RunningInstance;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'cooperation-'));
    instance = await startInstance(dataDir);
    const { EVENTSTOREDB_URL } = JSON.parse(await readFile(join(dataDir, 'run.json'), 'utf8')) as {
      EVENTSTOREDB_URL: string;
    };
    const store = EventStore.connect(EVENTSTOREDB_URL, eventRegistry);
    await recordYears(store, ACTIVITIES);
    await store.close();
    await untilStatus(({ lagEvents }) => lagEvents === 0);
  }, 3_600_000);
  afterAll(async () => {
    await instance?.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  interface Status {
    readonly name: string;
    readonly lagEvents: number;
    readonly generation: number;
  }
  const untilStatus = async (holds: (status: Status) => boolean): Promise<void> => {
    for (;;) {
      const answer = await fetch(`${instance.url}/api/v1/projections`);
      const { items } = (await answer.json()) as { items: Status[] };
      if (holds(items.find(({ name }) => name === 'activities')!)) return;
      // A look is a request like those that are measured.
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };

  it('fails no query, gives no stale answer, and leaves reads nearly as fast, while 16 read and 4 write', async () => {
    const during = (milliseconds: number) =>
      loadUntil(instance.url, new Promise((resolve) => setTimeout(resolve, milliseconds)));
    const warm = await during(500);
    const quiet = await during(Math.min(ACTIVITIES, 60_000));
    const began = performance.now();
    const rebuild = async () => {
      const answer = await fetch(`${instance.url}/api/v1/projections/activities/rebuild`, {
        method: 'POST',
        headers: { 'X-Actor': 'staff-1' },
      });
      expect(answer.status).toBe(202);
      await untilStatus(({ generation }) => generation > 1);
    };
    const busy = await loadUntil(instance.url, rebuild());
    const seconds = (performance.now() - began) / 1000;
    const after = await during(500);
    expect([warm, quiet, busy, after].flatMap(({ failures }) => failures)).toEqual([]);
    const ratio = p99(busy) / p99(quiet);
    console.log(
      `${ACTIVITIES} activities made anew in ${seconds.toFixed(1)} s; p99 of ${quiet.reads.length} reads before it ` +
        `${p99(quiet).toFixed(0)} ms, of ${busy.reads.length} during it ${p99(busy).toFixed(0)} ms: ${ratio.toFixed(2)} times`,
    );
    if (isLong) expect(ratio).toBeLessThanOrEqual(3);
  }, 3_600_000);
});

describe('kill -9 of the projector during a rebuild', () => {
  let stores: TemporaryStores;
  let client: pg.Client | undefined;
  const children = new Set<ChildProcess>();

  beforeAll(async () => {
    stores = await openStores();
  });
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await client?.end();
    await stores?.stop();
  });

  it('leaves the old rows serving until the new ones, which are the same, do', async () => {
    const databaseUrl = await makeReadModel(stores.databaseUrl, 'rebuilt');
    const store = EventStore.connect(stores.eventStoreUrl, eventRegistry);
    await recordYears(store, IS_LONG ? 20_000 : 2_500);
    const head = (await store.head(['activity-']))!.position;
    await store.close();
    const start = () => {
      const child = forkProjector(stores.eventStoreUrl, databaseUrl);
      children.add(child);
      return child;
    };
    const first = start();
    const positions = new ProjectionPositions(databaseUrl);
    await positions.start();
    expect(await positions.whenCaughtUp('activities', head, 60_000)).toBe(true);
    await positions.stop();
    await summarized(databaseUrl);
    await killed(first);
    const before = await activityRows(databaseUrl);

    const sql = (client = new pg.Client(databaseUrl));
    await sql.connect();
    const activities = projections.find(({ name }) => name === 'activities')!;
    const building = await beginGeneration(sql, activities, { by: 'staff-1', at: new Date() });
    const readRow = async (name: string) => {
      const { rows } = await sql.query('select phase, position from public.projection where name = $1', [
        name,
      ]);
      return rows[0] as { phase: string; position: string } | undefined;
    };
    const until = async (holds: () => Promise<boolean>) => {
      while (!(await holds())) await new Promise(setImmediate);
    };
    for (let kill = 0; kill < 3; kill++) {
      const reached = (await readRow(building))!.position;
      const child = start();
      await until(async () => (await readRow(building))!.position !== reached);
      await killed(child);
    }
    expect(BigInt((await readRow(building))!.position)).toBeLessThan(head);

    // A read under way holds off the switch: so it is killed in the middle of that.
    const reader = new pg.Client(databaseUrl);
    await reader.connect();
    await reader.query('begin; lock table public.projection in access share mode');
    const atTheSwitch = start();
    await until(async () => {
      const { rows } = await reader.query(
        "select from pg_locks where mode = 'AccessExclusiveLock' and not granted and relation = 'public.projection'::regclass",
      );
      return rows.length > 0;
    });
    await killed(atTheSwitch);
    await reader.query('commit');
    await reader.end();
    expect((await readRow(building))!.phase).toBe('building');
    expect(await activityRows(databaseUrl)).toEqual(before);

    const last = start();
    await until(async () => (await readRow(building)) === undefined);
    await killed(last);
    expect(await activityRows(databaseUrl)).toEqual(before);
    expect((await readRow('activities_1'))!.phase).toBe('retired');
  }, 180_000);
});
