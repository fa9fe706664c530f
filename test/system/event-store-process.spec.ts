import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPostgres, type Postgres } from '#embedded';
import { startCommand, startEventStore, type EventStoreProcess } from '../support/event-store.js';
import { anActivity, api, type Answer } from '../support/http.js';
import { environment } from '../support/instance.js';

let folder: string;
const runnings: EventStoreProcess[] = [];

beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'cooperation-'))));
afterAll(async () => {
  for (const { child, ended } of runnings) {
    child.kill('SIGTERM');
    await ended;
  }
  await rm(folder, { recursive: true, force: true });
});

async function start(name: string, ...options: string[]): Promise<EventStoreProcess> {
  const running = await startEventStore(join(folder, name), ...options);
  runnings.push(running);
  return running;
}

describe('coop event-store', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('stops cleanly on %s, with status 0', async (signal) => {
    const { child, ended, output } = await start(signal);
    expect(output()).toMatch(/^EVENTSTOREDB_URL=esdb:\/\/127\.0\.0\.1:\d+\?tls=false\n$/);
    child.kill(signal);
    expect(await ended).toEqual({ status: 0, said: expect.any(String) });
  });

  it('refuses a taken port, a folder in use and a port that is none, with status 2 and the reason', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    await start('in-use');
    const refused = async (name: string, ...options: string[]) =>
      startEventStore(join(folder, name), ...options).catch((error: unknown) => error);
    expect(await refused('refused', '--port', String(port))).toMatchObject({
      status: 2,
      said: expect.stringContaining(`port ${port} is in use by another program: give another one by --port`),
    });
    expect(await refused('in-use')).toMatchObject({
      status: 2,
      said: expect.stringContaining('is in use by another running process: stop that one first'),
    });
    expect(await refused('refused', '--port', '70000')).toMatchObject({
      status: 2,
      said: '--port 70000: give a number from 0 (any free one) to 65535.\n',
    });
    taken.close();
  });

  it('refuses a data folder that is none or cannot be made, with status 2 and the reason', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    const endings = ['', file, join(file, 'below'), '/proc/below'].map(
      (dataDir) => startCommand('event-store', '--data-dir', dataDir, '--port', '0').ended,
    );
    const reasons = [
      '--data-dir is empty: give a folder.',
      `${file} is not a folder: give another name`,
      `${file} is not a folder: give another name`,
      'Set DATA_DIR to a folder that this user may write to.',
    ];
    expect(await Promise.all(endings)).toEqual(
      reasons.map((reason) => ({ status: 2, said: expect.stringContaining(reason) })),
    );
  });

  it('leaves nothing behind when it is stopped while it starts, or fails when all but itself has started', async () => {
    const dataDir = join(folder, 'half-started');
    const left = () =>
      ['run.json', 'postgres/postmaster.pid'].filter((name) => existsSync(join(dataDir, name)));
    const stopped = startCommand('event-store', '--data-dir', dataDir, '--port', '0');
    while (!existsSync(join(dataDir, 'postgres.password'))) await nextTurn();
    stopped.child.kill('SIGTERM');
    expect(await stopped.ended).toMatchObject({ status: 0 });
    expect([stopped.output(), left()]).toEqual(['', []]);

    await mkdir(join(dataDir, 'run.json'));
    const failed = startCommand('event-store', '--data-dir', dataDir, '--port', '0');
    expect(await failed.ended).toMatchObject({ status: 2, said: expect.stringContaining('EISDIR') });
    expect([failed.output(), left()]).toEqual(['', []]);
  });

  it('serves an API and a projector that run as processes of their own', async () => {
    const postgres: Postgres = await startPostgres({ dataDir: join(folder, 'read-model') });
    const services: ChildProcess[] = [];
    try {
      const { url: EVENTSTOREDB_URL } = await start('events');
      const DATABASE_URL = await postgres.ensureDatabase('cooperation');
      const service = async (name: string) => {
        const child = fork(`dist/apps/${name}/src/main.js`, {
          env: environment({ EVENTSTOREDB_URL, DATABASE_URL, PORT: '0', LOG_LEVEL: 'silent' }),
          stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        });
        services.push(child);
        return (await once(child, 'message'))[0] as { url?: string };
      };
      await service('projector');
      const client = api((await service('api')).url!);
      const logged = (await client.post('/activities/log', anActivity).expect(201)).body as Answer;
      const list = await client.get('/activities', { 'Consistency-Token': logged.position }).expect(200);
      expect((list.body.items as { id: string }[]).map(({ id }) => id)).toEqual([logged.id]);
    } finally {
      for (const child of services) {
        const ended = once(child, 'exit');
        child.kill('SIGTERM');
        expect(await ended).toEqual([0, null]);
      }
      await postgres.stop();
    }
  });
});
