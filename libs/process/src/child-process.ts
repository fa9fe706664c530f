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

/** Where the stores are, as a parent tells its programs that were started before it knew. */
export type StoreAddresses = Pick<ConnectedConfig, 'EVENTSTOREDB_URL' | 'DATABASE_URL'>;

/**
 * The environment; where it does not say where the stores are, with what the parent tells of them, once it does. A parent that goes
 * before leaves nothing to wait for, and the process ends.
 */
export async function environmentWithStores(env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  if (!process.connected || (env.EVENTSTOREDB_URL && env.DATABASE_URL)) return env;
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
