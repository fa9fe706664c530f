import { fork, type ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TemporaryStores } from '#embedded';
import { EventStore, ProjectionPositions } from '#event-sourcing';
import { entities, eventRegistry, migrations, streamPrefixes, summaries } from '#application';
import { createDataSource, migrate } from '#postgres';
import pg from 'pg';
import { v5 as uuidv5 } from 'uuid';
import { anActivity } from '../support/http.js';
import { environment } from '../support/instance.js';
import { openStores } from '../support/stores.js';

const EVENTS = 20_000;
const KILLS = 10;
const IDS = '3b241101-e2bb-4255-8caf-4136c566a962';

describe('kill -9 of the projector', () => {
  let stores: TemporaryStores;
  let head = -1n;
  const children = new Set<ChildProcess>();

  beforeAll(async () => {
    stores = await openStores();
    const store = EventStore.connect(stores.eventStoreUrl, eventRegistry);
    await record(store);
    head = (await store.head(streamPrefixes))!.position;
    await store.close();
  });
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await stores?.stop();
  });

  /** Activities with participations, corrections and withdrawals: 20 events each. */
  async function record(store: EventStore): Promise<void> {
    const activity = async (n: number) => {
      const id = uuidv5(String(n), IDS);
      const commandId = uuidv5('command', id);
      const metadata = {
        actor: { id: 'staff-1', roles: [] },
        recordedAt: new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString(),
        commandId,
        commandHash: '',
        $correlationId: commandId,
        $causationId: commandId,
      };
      const participation = (ordinal: number, total: number) => ({
        participationId: uuidv5(`participation ${ordinal}`, id),
        country: 'AZ',
        institution: `Institution ${ordinal}`,
        total,
      });
      const events = [
        {
          type: 'ActivityLogged',
          data: {
            ...anActivity,
            title: `Activity ${n}`,
            goalIds: [],
            sources: [],
            held: { startsOn: '2025-03-10' },
          },
        },
        ...Array.from({ length: 9 }, (_, of) => ({
          type: 'ParticipationRecorded',
          data: participation(of, n + of),
        })),
        ...Array.from({ length: 8 }, (_, of) => ({
          type: 'ParticipationCorrected',
          data: { ...participation(of, of), reason: 'counted again' },
        })),
        { type: 'ActivityAmended', data: { changes: { title: `Activity ${n}, amended` } } },
        {
          type: 'ParticipationWithdrawn',
          data: { participationId: participation(8, 0).participationId, reason: 'entered twice' },
        },
      ];
      await store.append(
        `activity-${id}`,
        -1n,
        events.map((event, ordinal) => ({ id: uuidv5(`event:${ordinal}`, commandId), event, metadata })),
      );
    };
    const activities = EVENTS / 20;
    for (let n = 0; n < activities; n += 50) {
      await Promise.all(Array.from({ length: 50 }, (_, of) => activity(n + of)));
    }
  }

  async function database(name: string): Promise<string> {
    const admin = new pg.Client(stores.databaseUrl);
    await admin.connect();
    // Of an earlier run, on given stores.
    await admin.query(`drop database if exists ${name} with (force)`);
    await admin.query(`create database ${name}`);
    await admin.end();
    const url = new URL(stores.databaseUrl);
    url.pathname = `/${name}`;
    const dataSource = await createDataSource(url.href, entities, migrations).initialize();
    await migrate(dataSource);
    await dataSource.destroy();
    return url.href;
  }

  function startProjector(databaseUrl: string): ChildProcess {
    const child = fork('dist/apps/projector/src/main.js', {
      env: environment({
        EVENTSTOREDB_URL: stores.eventStoreUrl,
        DATABASE_URL: databaseUrl,
        LOG_LEVEL: 'silent',
      }),
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    children.add(child);
    return child;
  }

  async function killed(child: ChildProcess): Promise<void> {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  async function summarized(databaseUrl: string): Promise<void> {
    const client = new pg.Client(databaseUrl);
    await client.connect();
    for (const summary of summaries)
      while (await summary.isDue(client, summary.of)) await new Promise(setImmediate);
    await client.end();
  }

  async function rowsOf(databaseUrl: string): Promise<unknown[][]> {
    const client = new pg.Client(databaseUrl);
    await client.connect();
    const { rows: tables } = await client.query(
      "select table_name from information_schema.tables where table_schema = 'activities' order by 1",
    );
    const all: unknown[][] = [];
    for (const { table_name } of tables as { table_name: string }[]) {
      const { rows } = await client.query(
        `select to_jsonb(t)::text as row from activities.${table_name} t order by 1`,
      );
      all.push([table_name, ...rows.map(({ row }) => row as string)]);
    }
    const { rows } = await client.query(
      "select position, events from public.projection where name = 'activities'",
    );
    await client.end();
    return [...all, rows];
  }

  it('leaves the rows of an undisturbed run, after ten of them in a catch-up of 20,000 events', async () => {
    const undisturbed = await database('undisturbed');
    const calm = startProjector(undisturbed);
    const calmPositions = new ProjectionPositions(undisturbed);
    await calmPositions.start();
    expect(await calmPositions.whenCaughtUp('activities', head, 60_000)).toBe(true);
    await calmPositions.stop();
    await summarized(undisturbed);
    await killed(calm);

    const disturbed = await database('disturbed');
    const client = new pg.Client(disturbed);
    await client.connect();
    await client.query('listen projection_checkpoint');
    const reached: bigint[] = [];
    let moved: () => void = () => undefined;
    client.on('notification', ({ payload }) => {
      reached.push(BigInt(payload!.split(' ')[1]!));
      moved();
    });
    for (let kill = 0; kill < KILLS; kill++) {
      const before = reached.length;
      const child = startProjector(disturbed);
      while (reached.length === before) await new Promise<void>((resolve) => (moved = resolve));
      // A batch is under way as soon as the one before is written; not always at the same point of it.
      await new Promise((resolve) => setTimeout(resolve, kill));
      await killed(child);
    }
    expect(reached.at(-1)!).toBeLessThan(head);
    const last = startProjector(disturbed);
    const positions = new ProjectionPositions(disturbed);
    await positions.start();
    expect(await positions.whenCaughtUp('activities', head, 60_000)).toBe(true);
    await positions.stop();
    await summarized(disturbed);
    await killed(last);
    await client.end();
    expect(await rowsOf(disturbed)).toEqual(await rowsOf(undisturbed));
  }, 180_000);
});
