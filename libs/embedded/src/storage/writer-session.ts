import { Client } from '#pg-client';
import type pg from 'pg';
import { DatabaseInUseError, unavailable } from './errors.js';
import { createTables } from './schema.js';

/** Held by the one node that writes into a database. */
const LOCK = 7_261_954;

export interface WriterSession {
  readonly client: pg.Client;
  /** Of the newest event stored. */
  readonly position: number;
}

/**
 * The writer's connection. Its lock is the session's, so a lost session that still commits keeps the next one out until it
 * is through; what the next one then reads is settled.
 * @throws StorageUnavailable, DatabaseInUseError
 */
export async function openSession(
  databaseUrl: string,
  onLost: (client: pg.Client, error: Error) => void,
): Promise<WriterSession> {
  const client = new Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: 2_000,
    keepAlive: true,
    application_name: 'event store writer',
  });
  client.on('error', (error) => onLost(client, error));
  try {
    await client.connect();
    await client.query('set synchronous_commit = on');
    const { rows: lock } = await client.query('select pg_try_advisory_lock($1) as taken', [LOCK]);
    if (!lock[0].taken) throw new DatabaseInUseError();
    await createTables(client);
    const { rows } = await client.query('select max(position) as position from event_store.event');
    return { client, position: Number(rows[0].position ?? 0) };
  } catch (error) {
    void client.end().catch(() => undefined);
    throw unavailable(error);
  }
}
