import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config, ConnectedConfig, StoreAddresses } from '#process';
import { DataFolderInUseError, makeDataFolder, keepPostgres, startEventStoreNode } from '#embedded';
import type { Logger } from 'pino';

/** Where the stores are, and how to let go of them. */
export interface Stores {
  readonly config: ConnectedConfig;
  /** Stops what was started for this process; what others started stays. */
  close(): Promise<void>;
}

/**
 * The configured stores; embedded ones under DATA_DIR for each that is not configured.
 * @param onLost the embedded PostgreSQL is gone: nothing can be stored any more
 * @throws DataFolderInUseError when another process has the data folder
 */
export async function openStores(
  config: Config,
  log: Logger,
  onLost: (error: Error) => void,
): Promise<Stores> {
  const { EVENTSTOREDB_URL, DATABASE_URL } = config;
  if (EVENTSTOREDB_URL && DATABASE_URL) {
    return { config: { ...config, EVENTSTOREDB_URL, DATABASE_URL }, close: async () => undefined };
  }
  const say = (line: string) => log.info(line);
  const postgres = await keepPostgres({ dataDir: config.DATA_DIR, log: say, onLost });
  // One that was killed left it behind, with addresses where nobody is.
  await removeRunFile(config.DATA_DIR);
  try {
    const node = EVENTSTOREDB_URL
      ? undefined
      : await startEventStoreNode({ databaseUrl: await postgres.ensureDatabase('event_store'), log: say });
    return {
      config: {
        ...config,
        EVENTSTOREDB_URL: EVENTSTOREDB_URL ?? node!.connectionString,
        DATABASE_URL: DATABASE_URL ?? (await postgres.ensureDatabase('cooperation')),
      },
      async close() {
        await node?.stop();
        await postgres.stop();
      },
    };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

/** The stores of the instance that runs on the data folder now, else as openStores. */
export async function joinOrOpenStores(config: Config, log: Logger): Promise<Stores> {
  try {
    return await openStores(config, log, (error) => {
      throw error;
    });
  } catch (error) {
    if (!(error instanceof DataFolderInUseError)) throw error;
    const running = await readRunFile(config.DATA_DIR);
    if (!running) throw error;
    log.info('using the stores of the instance that runs on this data folder');
    return { config: { ...config, ...running }, close: async () => undefined };
  }
}

/** Tells commands started beside this instance where its stores are. Readable by the owner only: it holds a password. */
export async function writeRunFile(config: StoreAddresses & Pick<Config, 'DATA_DIR'>): Promise<void> {
  const { DATA_DIR, EVENTSTOREDB_URL, DATABASE_URL } = config;
  await makeDataFolder(DATA_DIR);
  await writeFile(runFile(DATA_DIR), JSON.stringify({ EVENTSTOREDB_URL, DATABASE_URL }), {
    mode: 0o600,
  });
}

export async function removeRunFile(dataDir: string): Promise<void> {
  await rm(runFile(dataDir), { force: true, recursive: true });
}

async function readRunFile(dataDir: string): Promise<StoreAddresses | undefined> {
  const text = await readFile(runFile(dataDir), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as StoreAddresses);
}

const runFile = (dataDir: string): string => join(dataDir, 'run.json');
