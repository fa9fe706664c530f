import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { activityEventDefinitions, type ActivityFact } from '#activities';
import { startEventStoreNode, startPostgres } from '#embedded';
import {
  commandEventDefinitions,
  CommandExecutor,
  EventRegistry,
  EventStore,
  type RecordedEvent,
} from '#event-sourcing';
import type { ImportStores } from '../import-records.js';

export type Recorded = RecordedEvent<ActivityFact>;

export interface TestStores extends ImportStores {
  /** A node with nothing in it; the one before is gone. */
  empty(): Promise<void>;
  /** Every activity event, in the order of the store. */
  events(): Promise<Recorded[]>;
  close(): Promise<void>;
}

/** The embedded stores in a folder of their own, for one spec. */
export async function openTestStores(now = '2026-11-24T12:00:00.000Z'): Promise<TestStores> {
  const dataDir = await mkdtemp(join(tmpdir(), 'importing-'));
  const postgres = await startPostgres({ dataDir });
  const registry = new EventRegistry(commandEventDefinitions, activityEventDefinitions);
  let databases = 0;
  const open = async () => {
    const node = await startEventStoreNode({
      databaseUrl: await postgres.ensureDatabase(`events-${++databases}`),
    });
    return { node, store: EventStore.connect(node.connectionString, registry) };
  };
  let current = await open();
  let executor = new CommandExecutor(current.store);
  const shut = async () => {
    await current.store.close();
    await current.node.stop();
  };
  return {
    get eventStore() {
      return current.store;
    },
    get executor() {
      return executor;
    },
    policy: { fourEyes: true, partnerCountry: 'AZ' },
    clock: { now: () => new Date(now) },
    async empty() {
      await shut();
      current = await open();
      executor = new CommandExecutor(current.store);
    },
    async events() {
      const events: Recorded[] = [];
      const { store } = current;
      let reached = -1n;
      for (
        let page;
        (page = await store.readAfter(reached, 1_000)).length > 0;
        reached = page.at(-1)!.position
      )
        for (const event of page)
          if (event.stream.startsWith('activity-')) events.push(store.recorded(event) as Recorded);
      return events;
    },
    async close() {
      await shut();
      await postgres.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
