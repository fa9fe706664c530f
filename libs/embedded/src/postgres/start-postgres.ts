import { spawn, type ChildProcess } from 'node:child_process';
import { open, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { locateBinaries, type Binaries } from './binaries.js';
import {
  ensureCluster,
  password,
  removeAbandonedStaging,
  serverArguments,
  serverEnvironment,
} from './cluster.js';
import { makeDataFolder } from './data-folder.js';
import { DataFolderInUseError, takeOwnership } from './ownership.js';
import { freePort, isAlive, isStranger, readPostmaster } from './postmaster.js';
import { chooseUser, type RunAs } from './run-as.js';

export interface PostgresOptions {
  /** Everything is kept in here; made if missing. One process at a time may use it. */
  readonly dataDir: string;
  readonly log?: (line: string) => void;
  /** The server, or the session that proves our ownership of the folder, is gone. */
  readonly onLost?: (error: Error) => void;
  /** Where it was before, to be had again if that is free. */
  readonly port?: number;
}

export interface Postgres {
  readonly port: number;
  /** Connection string of a database, which need not exist. */
  url(database: string): string;
  /** Makes the database if it is missing; answers its connection string. */
  ensureDatabase(database: string): Promise<string>;
  /** Fast shutdown: open transactions are rolled back, committed ones stay. Waits for the end. */
  stop(): Promise<void>;
}

interface Session {
  readonly port: number;
  readonly client: pg.Client;
  readonly child?: ChildProcess;
}

const START_TIMEOUT = 60_000;
const STOP_TIMEOUT = 30_000;
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Real PostgreSQL in `<dataDir>/postgres` on a free loopback port; first use makes it. What a killed process left behind is
 * taken over: a server still running, or one to recover.
 * @throws DataFolderInUseError when another process owns the folder, NotAFolderError when it is none
 */
export async function startPostgres({
  dataDir,
  log = () => undefined,
  onLost,
  port: preferred,
}: PostgresOptions): Promise<Postgres> {
  const home = resolve(dataDir);
  await makeDataFolder(home);
  const folder = join(home, 'postgres');
  const binaries = await locateBinaries();
  const as = await chooseUser([folder, binaries.postgres]);
  const secret = await password(home, as);
  await ensureCluster(home, folder, binaries, as);
  const urlOf = (port: number, database: string) =>
    `postgresql://postgres:${secret}@127.0.0.1:${port}/${encodeURIComponent(database)}`;

  const { port, client, child } = await ownedSession(
    home,
    folder,
    binaries,
    as,
    (p) => urlOf(p, 'postgres'),
    log,
    preferred,
  );
  let stopping: Promise<void> | undefined;
  // Before anything else is waited for: the end is told once.
  client.on('end', () => {
    if (!stopping)
      onLost?.(new Error(`the connection that owns ${folder} ended: PostgreSQL stopped or was killed`));
  });
  await removeAbandonedStaging(home, isAlive);
  log(`PostgreSQL ${child ? 'started' : 'taken over'} on 127.0.0.1:${port} in ${folder}`);

  return {
    port,
    url: (database) => urlOf(port, database),
    async ensureDatabase(database) {
      const known = await client.query('select from pg_database where datname = $1', [database]);
      if (known.rowCount === 0) await client.query(`create database ${pg.escapeIdentifier(database)}`);
      return urlOf(port, database);
    },
    stop: () => (stopping ??= stop()),
  };

  async function stop(): Promise<void> {
    const server = await readPostmaster(folder);
    await client.end().catch(() => undefined);
    if (server && !(await isStranger(server.pid, folder))) await stopServer(folder, server.pid, child);
    log(`PostgreSQL stopped in ${folder}`);
  }
}

/** A server of ours and its ownership: takes over the one that runs, else starts one. */
async function ownedSession(
  home: string,
  folder: string,
  binaries: Binaries,
  as: RunAs,
  url: (port: number) => string,
  log: (line: string) => void,
  preferred?: number,
): Promise<Session> {
  let child: ChildProcess | undefined;
  for (const giveUp = Date.now() + START_TIMEOUT; Date.now() < giveUp; await pause(20)) {
    const left = await readPostmaster(folder);
    if (left && isAlive(left.pid) && !(await isStranger(left.pid, folder))) {
      if (left.port === undefined) continue;
      let client: pg.Client | undefined;
      try {
        client = await takeOwnership(url(left.port));
      } catch (error) {
        if (isTransient(error)) continue;
        throw error;
      }
      if (!client) throw new DataFolderInUseError(home);
      return { port: left.port, client, child: child?.pid === left.pid ? child : undefined };
    }
    if (child && child.exitCode === null && child.signalCode === null) continue;
    if (child && !mayTryAgain(await logTail(home))) {
      throw new Error(`PostgreSQL did not start in ${folder}; its log ends with:\n${await logTail(home)}`);
    }
    if (left && isAlive(left.pid)) {
      log(`removing the postmaster.pid of a server that is gone (pid ${left.pid} is another program now)`);
      await rm(join(folder, 'postmaster.pid'), { force: true });
    }
    // A killed server's port again, where it can be had: its clients find the way back by themselves.
    child = await spawnServer(home, folder, binaries, as, await freePort(left?.port ?? preferred));
  }
  throw new Error(
    `PostgreSQL did not answer within ${START_TIMEOUT} ms in ${folder}:\n${await logTail(home)}`,
  );
}

async function spawnServer(
  home: string,
  folder: string,
  binaries: Binaries,
  as: RunAs,
  port: number,
): Promise<ChildProcess> {
  const [program, args] = as.command(binaries.postgres, serverArguments(folder, port));
  // A file, not a pipe: the server may outlive us. A session of its own: Ctrl-C is ours to handle, in our order.
  const output = await open(join(home, 'postgres.log'), 'w', 0o600);
  try {
    const ids = program === binaries.postgres ? as.owner : undefined;
    const child = spawn(program, args, {
      ...ids,
      cwd: '/',
      env: serverEnvironment(),
      detached: true,
      stdio: ['ignore', output.fd, output.fd],
    });
    child.on('error', () => undefined);
    child.unref();
    return child;
  } finally {
    await output.close();
  }
}

/** Starting, stopping, recovering, or gone between two looks. */
function isTransient(error: unknown): boolean {
  const { code, message } = error as { code?: string; message: string };
  return (
    ['57P03', '57P01', 'ECONNREFUSED', 'ECONNRESET'].includes(code ?? '') ||
    /terminated|timeout/.test(message)
  );
}

/**
 * Someone else started a server in the folder, or took the port, between our look and our start; or the last backends of a
 * killed server are still on their way out.
 */
function mayTryAgain(log: string): boolean {
  return /lock file "postmaster.pid"|could not create any TCP\/IP sockets|pre-existing shared memory block/.test(
    log,
  );
}

async function logTail(home: string): Promise<string> {
  const text = await readFile(join(home, 'postgres.log'), 'utf8').catch(() => '');
  return text.slice(-2_000);
}

async function stopServer(folder: string, pid: number, child: ChildProcess | undefined): Promise<void> {
  const signal = (name: NodeJS.Signals) => {
    try {
      process.kill(pid, name);
    } catch {
      // Gone already.
    }
  };
  // The pid of a server that is not our child may stay as a zombie; its pid file goes with its last breath.
  const ended = async () =>
    child
      ? child.exitCode !== null || child.signalCode !== null
      : (await readPostmaster(folder)) === undefined;
  const immediate = Date.now() + STOP_TIMEOUT;
  signal('SIGINT');
  for (let asked = false; !(await ended()); await pause(10)) {
    if (!isAlive(pid)) return;
    if (!asked && Date.now() > immediate) {
      signal('SIGQUIT');
      asked = true;
    }
  }
}
