import { readFile, readlink, realpath } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** What a running or dead server left in its `postmaster.pid`. */
export interface Postmaster {
  readonly pid: number;
  /** Undefined while it starts. */
  readonly port?: number;
}

/** The server that holds, or held, the folder; undefined when none did. */
export async function readPostmaster(folder: string): Promise<Postmaster | undefined> {
  const text = await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => '');
  const [pid, , , port] = text.split('\n');
  return pid ? { pid: Math.abs(Number(pid)), port: Number(port) || undefined } : undefined;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * True when `pid` runs but is certainly not the server of `folder`: after a machine crash the number may belong to
 * anyone, and PostgreSQL would then refuse to start. A server's working folder is its data folder.
 */
export async function isStranger(pid: number, folder: string): Promise<boolean> {
  try {
    return (await readlink(`/proc/${pid}/cwd`)) !== (await realpath(folder));
  } catch {
    return false;
  }
}

/** `preferred` if nobody uses it just now, else a loopback port that is free. */
export async function freePort(preferred = 0): Promise<number> {
  try {
    return await listenOnce(preferred);
  } catch {
    return listenOnce(0);
  }
}

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const { port: taken } = server.address() as { port: number };
      server.close(() => resolve(taken));
    });
  });
}
