import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath, URL } from 'node:url';
import pg from 'pg';
import { startPostgres } from '#embedded';

/** A fresh PostgreSQL, and a node that stores into it in a process of its own. */
export async function startStore() {
  const dataDir = await mkdtemp(join(tmpdir(), 'bench-'));
  const postgres = await startPostgres({ dataDir });
  const node = await start('./event-store-node.mjs', await postgres.ensureDatabase('event_store'));
  return {
    node,
    postgres,
    /** What so many new rows make PostgreSQL do in the background, done before anything is timed. */
    async tidy() {
      for (const database of ['event_store', 'cooperation']) {
        const client = new pg.Client(await postgres.ensureDatabase(database));
        await client.connect();
        await client.query('vacuum analyze');
        await client.query('checkpoint');
        await client.end();
      }
    },
    async stop() {
      await stop(node);
      await postgres.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A server in a process of its own; its first line is the connection string. */
export async function start(script, argument) {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, [path, argument], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [url] = await once(createInterface(child.stdout), 'line');
  return { child, url };
}

export async function stop({ child }) {
  child.kill('SIGTERM');
  await once(child, 'exit');
}

/** Figures mean little without it. */
export async function machine(postgres) {
  const client = new pg.Client(await postgres.ensureDatabase('postgres'));
  await client.connect();
  const { rows } = await client.query('show server_version');
  await client.end();
  return `${cpus().length} x ${cpus()[0].model}, Node ${process.version}, PostgreSQL ${rows[0].server_version}, ${load()}`;
}

/** Of the last minute; above 0.5 before the start, others use the machine too. */
export function load() {
  return `load ${loadavg()[0].toFixed(2)}`;
}
