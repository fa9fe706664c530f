import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EventStoreDBClient, jsonEvent, UnavailableError, type ResolvedEvent } from '@eventstore/db-client';
import { DatabaseInUseError, startEventStoreNode, startPostgres } from '#embedded';
import { gather } from '../conformance/open-store.js';
import { startStoreProcess } from './start-store-process.js';

let dataDir: string;
beforeEach(async () => void (dataDir = await mkdtemp(join(tmpdir(), 'store-lifecycle-'))));
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const newEvent = () => jsonEvent({ type: 'happened', data: { text: 'x'.repeat(1_000) } });

describe('the embedded stores in a process of their own', () => {
  it('refuse a second process on the data folder, and say what to do', async () => {
    const first = await startStoreProcess(dataDir);
    const error = await startStoreProcess(dataDir).catch((thrown: Error) => thrown.message);
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);
    expect(error).toContain(
      `DataFolderInUseError: the data folder ${dataDir} is in use by another running process: stop that one first, or`,
    );
  });

  it('need no home and no environment but PATH', async () => {
    const { child, ended } = await startStoreProcess(dataDir, { PATH: process.env.PATH });
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  it('stop at once, though subscriptions are open, some of them not being read, and a request is half sent', async () => {
    const { child, connectionString, ended } = await startStoreProcess(dataDir);
    const client = EventStoreDBClient.connectionString(connectionString);
    for (let count = 0; count < 20; count++) {
      await client.appendToStream('many', Array.from({ length: 500 }, newEvent));
    }
    const [idle, reading] = [[1, 2, 3].map(() => client.subscribeToAll()), client.subscribeToAll()];
    const dropped = [...idle, reading].map((subscription) => once(subscription, 'error'));
    reading.resume();
    await Promise.all([...idle.map((one) => once(one, 'readable')), once(reading, 'caughtUp')]);
    const { hostname, port } = new URL(connectionString);
    const halfSent = connect(Number(port), hostname);
    halfSent.on('error', () => undefined).write('GET / HTTP/1.1\r\n');
    await once(halfSent, 'ready');
    const asked = Date.now();
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(Date.now() - asked).toBeLessThan(5_000);
    for (const one of idle) one.resume();
    for (const [error] of await Promise.all(dropped)) expect(error).toBeInstanceOf(UnavailableError);
    await client.dispose();
  });
});

describe('a node', () => {
  it('refuses a database in which another one writes, and takes it once that one has stopped', async () => {
    const postgres = await startPostgres({ dataDir });
    const databaseUrl = await postgres.ensureDatabase('event_store');
    const first = await startEventStoreNode({ databaseUrl });
    await expect(startEventStoreNode({ databaseUrl })).rejects.toThrow(DatabaseInUseError);
    await first.stop();
    const second = await startEventStoreNode({ databaseUrl });
    await second.stop();
    await postgres.stop();
  });

  it('answers UNAVAILABLE while PostgreSQL is gone, and goes on by itself when it is back', async () => {
    const killed = await startPostgres({ dataDir });
    const node = await startEventStoreNode({ databaseUrl: await killed.ensureDatabase('event_store') });
    const client = EventStoreDBClient.connectionString(node.connectionString);
    const subscription = client.subscribeToStream('orders');
    const caughtUp = once(subscription, 'caughtUp');
    const seen: string[] = [];
    // Whoever was reading the table just then is told; whoever waited for news gets it later.
    const followed = new Promise<void>((resolve, reject) => {
      subscription.on('error', (error) => (error instanceof UnavailableError ? resolve() : reject(error)));
      subscription.on('data', ({ event }) => void (seen.push(event!.id) === 2 && resolve()));
    });
    await caughtUp;
    const [before, after] = [newEvent(), newEvent()];
    await client.appendToStream('orders', before);

    const pid = parseInt(await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8'), 10);
    process.kill(pid, 'SIGKILL');
    const write = () => client.appendToStream('orders', after, { expectedRevision: 0n });
    const read = () => gather<ResolvedEvent>(client.readStream('orders'));
    const failure = (call: () => Promise<unknown>) => call().catch((error: unknown) => error);
    while (!((await failure(read)) instanceof UnavailableError));
    expect(await failure(write)).toBeInstanceOf(UnavailableError);

    const postgres = await startPostgres({ dataDir });
    while ((await failure(write)) instanceof UnavailableError);
    expect((await read()).map((resolved) => resolved.event!.id)).toEqual([before.id, after.id]);
    await followed;
    expect([before.id, after.id]).toEqual(expect.arrayContaining(seen));

    await subscription.unsubscribe();
    await client.dispose();
    await node.stop();
    await postgres.stop();
    await killed.stop();
  });
});
