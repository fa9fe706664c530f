import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEventStoreNode } from './event-store-node.js';
import { startPostgres } from './postgres/start-postgres.js';

export interface TemporaryStores {
  /** For `EventStoreDBClient.connectionString`. */
  readonly eventStoreUrl: string;
  /** An empty database. */
  readonly databaseUrl: string;
  /** Stops both and removes every trace. */
  stop(): Promise<void>;
}

/** Both real stores in a folder of their own, for a test. */
export async function startTemporaryStores(): Promise<TemporaryStores> {
  const dataDir = await mkdtemp(join(tmpdir(), 'cooperation-'));
  const postgres = await startPostgres({ dataDir });
  const node = await startEventStoreNode({ databaseUrl: await postgres.ensureDatabase('event_store') });
  return {
    eventStoreUrl: node.connectionString,
    databaseUrl: await postgres.ensureDatabase('cooperation'),
    async stop() {
      await node.stop();
      await postgres.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
