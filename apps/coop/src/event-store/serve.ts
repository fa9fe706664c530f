import { createLogger, onShutdown, readConfig } from '#application';
import { startEventStoreNode, startPostgres } from '#embedded';
import { removeRunFile, writeRunFile } from '../stores/open-stores.js';
import { CannotRun } from './cannot-run.js';

export interface ServeOptions {
  readonly dataDir?: string;
  readonly port: string;
}

/**
 * `coop event-store`: the event store node of a data folder and the PostgreSQL under it, and nothing else, until told to stop. The
 * node's address goes to standard output, as the setting that other processes want.
 * @throws CannotRun, InvalidConfig, DataFolderInUseError
 */
export async function serve(options: ServeOptions): Promise<void> {
  const port = portOf(options.port);
  const given = readConfig(process.env);
  const config = { ...given, DATA_DIR: options.dataDir ?? given.DATA_DIR };
  const log = createLogger(config, 'event-store');
  const say = (line: string) => log.info(line);
  const starting = startStores(config.DATA_DIR, port, say, (error) => {
    log.fatal({ err: error }, 'PostgreSQL is gone; start again to recover');
    process.exitCode = 1;
    process.kill(process.pid, 'SIGTERM');
  });
  onShutdown(async (signal) => {
    log.info(`stopping: ${signal}`);
    const stores = await starting.catch(() => undefined);
    if (!stores) return;
    await removeRunFile(config.DATA_DIR);
    await stores.stop();
  });
  const { EVENTSTOREDB_URL, DATABASE_URL } = await starting;
  // Lets import, report and projections find the stores by the data folder alone.
  await writeRunFile({ ...config, EVENTSTOREDB_URL, DATABASE_URL });
  console.log(`EVENTSTOREDB_URL=${EVENTSTOREDB_URL}`);
}

async function startStores(
  dataDir: string,
  port: number,
  log: (line: string) => void,
  onLost: (error: Error) => void,
) {
  const postgres = await startPostgres({ dataDir, log, onLost });
  try {
    const databaseUrl = await postgres.ensureDatabase('event_store');
    const node = await startEventStoreNode({ databaseUrl, port, log });
    return {
      EVENTSTOREDB_URL: node.connectionString,
      DATABASE_URL: await postgres.ensureDatabase('cooperation'),
      async stop() {
        await node.stop();
        await postgres.stop();
      },
    };
  } catch (error) {
    await postgres.stop();
    throw explained(error, port);
  }
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (port <= 65_535) return port;
  throw new CannotRun(`--port ${text}: give a number from 0 (any free one) to 65535.`);
}

function explained(error: unknown, port: number): unknown {
  const { code } = error as { code?: string };
  if (code === 'EADDRINUSE') {
    return new CannotRun(
      `port ${port} is in use by another program: give another one by --port, or 0 for any free one.`,
    );
  }
  if (code === 'EACCES')
    return new CannotRun(`port ${port} cannot be opened by this user: give one above 1023.`);
  return error;
}
