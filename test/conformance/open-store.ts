import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventStoreDBClient, jsonEvent, type JSONEventData } from '@eventstore/db-client';
import { startEventStoreNode, startPostgres } from '#embedded';

export interface OpenStore {
  readonly client: EventStoreDBClient;
  readonly connectionString: string;
  close(): Promise<void>;
}

/**
 * The store the promises are tried on: the embedded one, fresh, or the real server that EVENTSTOREDB_URL names.
 * Specs therefore use stream names of their own and take `$all` from the position they found.
 */
export async function openStore(): Promise<OpenStore> {
  const { EVENTSTOREDB_URL: real } = process.env;
  if (real) {
    const client = EventStoreDBClient.connectionString(real);
    return { client, connectionString: real, close: () => client.dispose() };
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'conformance-'));
  const postgres = await startPostgres({ dataDir });
  const node = await startEventStoreNode({ databaseUrl: await postgres.ensureDatabase('event_store') });
  // On a busy machine thousands of appends at once may take longer than the client's ten seconds.
  const client = EventStoreDBClient.connectionString(`${node.connectionString}&defaultDeadline=60000`);
  return {
    client,
    connectionString: node.connectionString,
    async close() {
      await client.dispose();
      await node.stop();
      await postgres.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export function newStream(category = 'conformance'): string {
  return `${category}-${randomUUID()}`;
}

export function newEvents(count: number, type = 'happened'): JSONEventData[] {
  return Array.from({ length: count }, (_, number) => jsonEvent({ type, data: { number } }));
}

/** All of a read or subscription, or the first `most`. */
export async function gather<Item>(items: AsyncIterable<unknown>, most = Infinity): Promise<Item[]> {
  const gathered: Item[] = [];
  for await (const item of items) {
    if (gathered.push(item as Item) >= most) break;
  }
  return gathered;
}
