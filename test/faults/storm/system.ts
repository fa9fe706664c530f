import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '#embedded';
import { signalServer } from '../postgres-processes.js';
import { TcpProxy } from '../tcp-proxy.js';
import { NODE, SupervisedProcess } from './supervised-process.js';

/**
 * The application as it runs on several machines: PostgreSQL, event store node, APIs, projectors, each a process of its own, every
 * connection through a proxy. Resolves once all of them serve.
 */
export async function startSystem({ apis, projectors }: { apis: number; projectors: number }) {
  const dataDir = await mkdtemp(join(tmpdir(), 'storm-'));
  let postgres = await startPostgres({ dataDir });
  for (const database of ['event_store', 'cooperation']) await postgres.ensureDatabase(database);
  const proxies = new Map<string, TcpProxy>();
  const way = async (name: string, target = 0) => {
    const proxy = await TcpProxy.start(target);
    proxies.set(name, proxy);
    return proxy;
  };
  const toPostgres = async (from: string, database: string) => {
    const url = new URL(postgres.url(database));
    url.port = String((await way(`${from} to PostgreSQL`, postgres.port)).port);
    return url.href;
  };
  let nodePort = 0;
  const toNode = async (from: string) =>
    `esdb://127.0.0.1:${(await way(`${from} to node`, nodePort)).port}?tls=false`;
  const leadTo = (suffix: string, port: number) => {
    for (const [name, proxy] of proxies) if (name.endsWith(suffix)) proxy.target = port;
  };

  const node = new SupervisedProcess(
    'node',
    NODE,
    { DATABASE_URL: await toPostgres('node', 'event_store') },
    (port) => leadTo(' to node', (nodePort = port)),
  );
  const settingsOf = async (name: string) => ({
    EVENTSTOREDB_URL: await toNode(name),
    DATABASE_URL: await toPostgres(name, 'cooperation'),
  });
  const urls: string[] = [];
  const processes = [node];
  for (let n = 1; n <= apis; n++) {
    const name = `API ${n}`;
    const toApi = await way(`client to ${name}`);
    urls.push(`http://127.0.0.1:${toApi.port}`);
    const script = 'dist/apps/api/src/main.js';
    processes.push(
      new SupervisedProcess(name, script, await settingsOf(name), (port) => (toApi.target = port)),
    );
  }
  for (let n = 1; n <= projectors; n++) {
    const name = `projector ${n}`;
    processes.push(new SupervisedProcess(name, 'dist/apps/projector/src/main.js', await settingsOf(name)));
  }
  const serverPid = async () =>
    parseInt(await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8'), 10);
  await Promise.all(processes.map((one) => one.serving));
  const sampling = setInterval(() => processes.forEach((one) => void one.sample()), 500);

  return {
    processes,
    proxies,
    /** Of the APIs. */
    urls,
    nodeUrl: () => `esdb://127.0.0.1:${nodePort}?tls=false`,
    async signalPostgres(signal: NodeJS.Signals) {
      signalServer(await serverPid(), signal);
    },
    /** After a kill. */
    async restartPostgres() {
      postgres = await startPostgres({ dataDir });
      leadTo(' to PostgreSQL', postgres.port);
    },
    async stop() {
      clearInterval(sampling);
      await Promise.all(processes.map((one) => one.stop()));
      await Promise.all([...proxies.values()].map((proxy) => proxy.stop()));
      await postgres.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export type System = Awaited<ReturnType<typeof startSystem>>;
