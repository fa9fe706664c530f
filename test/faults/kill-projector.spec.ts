import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TemporaryStores } from '#embedded';
import { EventStore, ProjectionPositions } from '#event-sourcing';
import { eventRegistry, streamPrefixes } from '#application';
import pg from 'pg';
import { EVENTS_AN_ACTIVITY, recordActivity } from '../support/activity-events.js';
import { activityRows, forkProjector, killed, makeReadModel, summarized } from '../support/projectors.js';
import { IS_LONG } from '../support/setting.js';
import { openStores } from '../support/stores.js';

const [EVENTS, KILLS] = IS_LONG ? [20_000, 10] : [12_000, 5];

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

  async function record(store: EventStore): Promise<void> {
    const activities = EVENTS / EVENTS_AN_ACTIVITY;
    for (let n = 0; n < activities; n += 50)
      await Promise.all(Array.from({ length: 50 }, (_, of) => recordActivity(store, n + of)));
  }

  function startProjector(databaseUrl: string): ChildProcess {
    const child = forkProjector(stores.eventStoreUrl, databaseUrl);
    children.add(child);
    return child;
  }

  it(`leaves the rows of an undisturbed run, after ${KILLS} of them in a catch-up of ${EVENTS} events`, async () => {
    const undisturbed = await makeReadModel(stores.databaseUrl, 'undisturbed');
    const calm = startProjector(undisturbed);
    const calmPositions = new ProjectionPositions(undisturbed);
    await calmPositions.start();
    expect(await calmPositions.whenCaughtUp('activities', head, 60_000)).toBe(true);
    await calmPositions.stop();
    await summarized(undisturbed);
    await killed(calm);

    const disturbed = await makeReadModel(stores.databaseUrl, 'disturbed');
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
    expect(await activityRows(disturbed)).toEqual(await activityRows(undisturbed));
  }, 180_000);
});
