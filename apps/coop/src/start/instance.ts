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
 * Starts everything. The services are there while the stores open, since loading what they are made of takes them longest.
 * @param onLost the embedded stores are gone; the instance can only be stopped
 * @throws DataFolderInUseError, and Error when a service does not start; nothing is left running then
 */
export async function startInstance(
  given: Config,
  log: Logger,
  onLost: (error: Error) => void,
): Promise<Instance> {
  const opening = openStores(given, log, onLost);
  const addresses = opening.then(({ config }) => config);
  const projector = new Service('projector', given, addresses, log);
  const api = new Service('api', given, addresses, log);
  const serving = Promise.all([api.start(), projector.start()]);
  // Where the stores do not open, that is what is told.
  serving.catch(() => undefined);
  const stop = async () => {
    await Promise.all([api.stop(), projector.stop()]);
    const stores = await opening.catch(() => undefined);
    if (!stores) return;
    await removeRunFile(given.DATA_DIR);
    await stores.close();
  };
  try {
    const { config } = await opening;
    await writeRunFile(config);
    const [url] = await serving;
    return { config, url: url!, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
