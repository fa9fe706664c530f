import type { Config, ConnectedConfig } from '#process';
import type { Logger } from 'pino';
import { openStores, removeRunFile, writeRunFile } from '../stores/open-stores.js';
import { Service } from './service.js';

/** A whole instance: stores, projector, API. */
export interface Instance {
  readonly config: ConnectedConfig;
  /** Of the API, such as http://127.0.0.1:3000 */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts everything, in the order in which each needs the one before.
 * @param onLost the embedded stores are gone; the instance can only be stopped
 * @throws DataFolderInUseError, and Error when a service does not start; nothing is left running then
 */
export async function startInstance(
  given: Config,
  log: Logger,
  onLost: (error: Error) => void,
): Promise<Instance> {
  const { config, close } = await openStores(given, log, onLost);
  const projector = new Service('projector', config, log);
  const api = new Service('api', config, log);
  const stop = async () => {
    await Promise.all([api.stop(), projector.stop()]);
    await removeRunFile(config.DATA_DIR);
    await close();
  };
  try {
    await writeRunFile(config);
    const [, url] = await Promise.all([projector.start(), api.start()]);
    return { config, url: url!, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
