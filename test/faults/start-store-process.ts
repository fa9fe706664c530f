import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('./store-process.mjs', import.meta.url));
const BUILT = fileURLToPath(new URL('../../dist/libs/embedded/src/index.js', import.meta.url));

export interface StoreProcess {
  readonly child: ChildProcess;
  readonly connectionString: string;
  readonly postgresPid: number;
  /** Resolves when the process has ended, to its exit code; null after a signal. */
  readonly ended: Promise<number | null>;
  /** What it logged up to now. */
  log(): string;
}

/**
 * Starts the embedded stores in another process; resolves once they answer.
 * @throws Error with what the process wrote when it ends instead
 */
export async function startStoreProcess(dataDir: string, env = process.env): Promise<StoreProcess> {
  if (!existsSync(BUILT)) throw new Error('this spec starts the built library: run npm run build first');
  const child = spawn(process.execPath, [SCRIPT, dataDir], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  child.stderr.on('data', (chunk) => (log += String(chunk)));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const ready = once(createInterface(child.stdout), 'line').then(([line]) => line as string);
  const line = await Promise.race([ready, ended.then(() => undefined)]);
  if (line === undefined) throw new Error(log);
  const { connectionString, postgresPid } = JSON.parse(line) as {
    connectionString: string;
    postgresPid: number;
  };
  return { child, connectionString, postgresPid, ended, log: () => log };
}
