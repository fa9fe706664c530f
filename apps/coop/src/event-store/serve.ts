import { createLogger, onShutdown, readStoreConfig, type StoreConfig } from '#process';
import { keepPostgres, startEventStoreNode, type EventStoreNode } from '#embedded';
import { removeRunFile, writeRunFile } from '../stores/open-stores.js';
import { CannotRun } from './cannot-run.js';

export interface ServeOptions {
  readonly dataDir?: string;
  readonly port: string;
}

/**
 * `coop event-store`: the event store node of a data folder and the PostgreSQL under it, and nothing else, until told to stop. The
 * node's address goes to standard output, as the setting that other processes want.
 * @throws CannotRun, InvalidConfig, DataFolderInUseError, NotAFolderError; nothing is left running then
 */
export async function serve(options: ServeOptions): Promise<void> {
  const port = portOf(options.port);
  if (options.dataDir === '') throw new CannotRun('--data-dir is empty: give a folder.');
  const given = readStoreConfig(process.env);
  const config = { ...given, DATA_DIR: options.dataDir ?? given.DATA_DIR };
  const log = createLogger(config, 'event-store');
  const starting = startStores(
    config,
    port,
    (line) => log.info(line),
    (error) => {
      log.fatal({ err: error }, 'PostgreSQL is gone; start again to recover');
      process.exitCode = 1;
      process.kill(process.pid, 'SIGTERM');
    },
  );
  let stopping = false;
  onShutdown(async (signal) => {
    stopping = true;
    log.info(`stopping: ${signal}`);
    const stores = await starting.catch(() => undefined);
    await stores?.stop();
  });
  const { connectionString } = await starting;
  if (!stopping) console.log(`EVENTSTOREDB_URL=${connectionString}`);
}

async function startStores(
  { DATA_DIR }: StoreConfig,
  port: number,
  log: (line: string) => void,
  onLost: (error: Error) => void,
) {
  const postgres = await keepPostgres({ dataDir: DATA_DIR, log, onLost });
  let node: EventStoreNode | undefined;
  const stop = async () => {
    await removeRunFile(DATA_DIR);
    await node?.stop();
    await postgres.stop();
  };
  try {
    node = await startEventStoreNode({
      databaseUrl: await postgres.ensureDatabase('event_store'),
      port,
      log,
    });
    const { connectionString } = node;
    const DATABASE_URL = await postgres.ensureDatabase('cooperation');
    // Lets import, report and projections find the stores by the data folder alone.
    await writeRunFile({ DATA_DIR, EVENTSTOREDB_URL: connectionString, DATABASE_URL });
    return { connectionString, stop };
  } catch (error) {
    await stop();
    throw explained(error, port);
  }
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (port <= 65_535) return port;
  throw new CannotRun(`--port ${text}: give a number from 0 (any free one) to 65535.`);
}

function explained(error: unknown, port: number): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall !== 'listen') return error;
  if (code === 'EADDRINUSE') {
    return new CannotRun(
      `port ${port} is in use by another program: give another one by --port, or 0 for any free one.`,
    );
  }
  if (code === 'EACCES')
    return new CannotRun(`port ${port} cannot be opened by this user: give one above 1023.`);
  return error;
}
