import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, link, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Binaries } from './binaries.js';
import type { RunAs } from './run-as.js';

const run = promisify(execFile);
export const STAGING = 'postgres.initdb-';

/** Sized for a small machine; everything that makes a commit durable stays at its default, on. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '256MB',
  max_wal_size: '2GB',
  wal_compression: 'on',
  checkpoint_timeout: '15min',
  jit: 'off',
  // Of what is read often, nearly all is in memory.
  random_page_cost: '1.1',
  // Read models grow in bursts: their statistics must not lag a minute behind.
  autovacuum_naptime: '10s',
};

/** Arguments of the server program. */
export function serverArguments(folder: string, port: number): string[] {
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return ['-D', folder, '-p', String(port), ...settings];
}

/** The superuser's password: random, made once, readable by its owner only. */
export async function password(dataDir: string, { owner }: RunAs): Promise<string> {
  const file = join(dataDir, 'postgres.password');
  const draft = `${file}.${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    await stat(file);
  } catch {
    await writeFile(draft, randomBytes(24).toString('base64url'), { mode: 0o600, flag: 'wx' });
    if (owner) await chown(draft, owner.uid, owner.gid);
    // Whole or not at all; of two that start at once the first one's counts.
    await link(draft, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    await rm(draft);
  }
  return readFile(file, 'utf8');
}

/** Makes the database cluster in `folder` unless it is there; a kill half-way leaves only a staging folder behind. */
export async function ensureCluster(
  dataDir: string,
  folder: string,
  binaries: Binaries,
  as: RunAs,
): Promise<void> {
  if (await exists(join(folder, 'PG_VERSION'))) return;
  const staging = join(dataDir, `${STAGING}${process.pid}`);
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging, { mode: 0o700 });
  if (as.owner) await chown(staging, as.owner.uid, as.owner.gid);
  const [program, args] = as.command(binaries.initdb, [
    `--pgdata=${staging}`,
    '--username=postgres',
    `--pwfile=${join(dataDir, 'postgres.password')}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
  ]);
  // As root without setpriv the user is changed by the spawn itself.
  const ids = program === binaries.initdb ? as.owner : undefined;
  await run(program, args, { ...ids, cwd: '/', env: serverEnvironment() });
  try {
    await rename(staging, folder);
  } catch (error) {
    // Another start was faster; its cluster is as good.
    await rm(staging, { recursive: true, force: true });
    if (!(await exists(join(folder, 'PG_VERSION')))) throw error;
  }
}

/** Staging folders whose process is gone. */
export async function removeAbandonedStaging(
  dataDir: string,
  isAlive: (pid: number) => boolean,
): Promise<void> {
  for (const name of await readdir(dataDir)) {
    if (!name.startsWith(STAGING) || isAlive(Number(name.slice(STAGING.length)))) continue;
    await rm(join(dataDir, name), { recursive: true, force: true });
  }
}

/** The caller's environment without PG* variables, which would change what the programs do. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(([name]) => !name.startsWith('PG'));
  return { ...Object.fromEntries(entries), LC_ALL: 'C', TZ: 'UTC' };
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
