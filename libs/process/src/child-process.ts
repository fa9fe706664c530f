import { once } from 'node:events';
import type { ConnectedConfig } from './config.js';

/**
 * Runs `stop` once when the process is told to end, by a signal or by the death of the parent that holds its IPC channel, and then
 * ends it. A second signal ends it at once.
 */
export function onShutdown(stop: (signal: string) => Promise<void>): void {
  let stopping = false;
  const begin = (signal: string) => {
    if (stopping) process.exit(1);
    stopping = true;
    stop(signal).then(
      () => process.exit(process.exitCode ?? 0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', () => begin('SIGINT'));
  process.on('SIGTERM', () => begin('SIGTERM'));
  process.on('disconnect', () => begin('parent gone'));
}

/** Where the stores are, as a parent tells its programs. */
export type StoreAddresses = Pick<ConnectedConfig, 'EVENTSTOREDB_URL' | 'DATABASE_URL'>;

/** Argument of a program whose parent does not know yet where the stores are, and tells it later. */
export const AWAIT_STORES = '--await-stores';

/** The environment, with what the parent tells of the stores if it is to. Without its parent the process ends. */
export async function environmentWithStores(env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  if (!process.argv.includes(AWAIT_STORES)) return env;
  if (!process.connected) process.exit(1);
  const [stores] = (await once(process, 'message')) as [StoreAddresses];
  return { ...env, ...stores };
}

/** Tells the parent, if there is one, that this process serves. */
export function tellReady(message: { url?: string } = {}): void {
  process.send?.({ ready: true, ...message });
}

/**
 * What node is told of a program besides its path. Batches of events live until they are written: with young memory of V8's own
 * measure the projector copies all of them twice, a third of its time.
 */
export function nodeArguments(program: string): string[] {
  return program === 'projector' ? ['--max-semi-space-size=64'] : [];
}
