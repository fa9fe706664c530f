import { Client } from '#pg-client';
import type pg from 'pg';

/** Another process works in the data folder. */
export class DataFolderInUseError extends Error {
  override name = 'DataFolderInUseError';
  constructor(readonly folder: string) {
    super(
      `the data folder ${folder} is in use by another running process: stop that one first, or give this one a data ` +
        'folder of its own',
    );
  }
}

const LOCK = 7_261_953;
/** The lock of a process that was just killed goes when its server notices, within milliseconds. */
const PATIENCE = 1_000;

/**
 * Takes the folder: whoever holds this session's lock owns it, since the server is the one thing that outlives a killed
 * owner and forgets its locks.
 * @returns the session; undefined when another holds it
 */
export async function takeOwnership(url: string): Promise<pg.Client | undefined> {
  const client = new Client({ connectionString: url, keepAlive: true, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    for (const giveUp = Date.now() + PATIENCE; ;) {
      const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [
        LOCK,
      ]);
      if (rows[0]?.taken) return client;
      if (Date.now() > giveUp) break;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
  await client.end();
  return undefined;
}
