// How fast the embedded event store is, beside the bare things it is made of, in the same run:
//   npm run build && node test/bench/embedded-store.mjs [EVENTS]
import console from 'node:console';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { URL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { Client, credentials } from '@grpc/grpc-js';
import Table from 'cli-table3';
import pg from 'pg';
import { startPostgres } from '#embedded';

const EVENTS = Number(process.argv[2] ?? 100_000);
const APPENDS = Math.ceil(EVENTS / 5);
const IN_FLIGHT = 64;
const data = { text: 'x'.repeat(456), number: 1 };
const newEvents = (count) => Array.from({ length: count }, () => jsonEvent({ type: 'happened', data }));

const dataDir = await mkdtemp(join(tmpdir(), 'bench-'));
const postgres = await startPostgres({ dataDir });
// Servers have a thread of their own, as in a process of their own.
const servers = new Worker(new URL('./embedded-store-servers.mjs', import.meta.url), {
  workerData: { databaseUrl: await postgres.ensureDatabase('event_store'), messages: EVENTS },
});
const [{ connectionString, barePort }] = await once(servers, 'message');
const client = EventStoreDBClient.connectionString(connectionString);
await append(IN_FLIGHT, 1);

const inserts = await rate(APPENDS, () => insertGroups(APPENDS));
const appends = await rate(APPENDS, () => append(APPENDS, 1));
await append((EVENTS - APPENDS) / 100, 100);
const messages = await rate(EVENTS, () => streamMessages());
const drained = await rate(EVENTS, () => drain(EVENTS));

const table = new Table({
  head: ['', '/s', 'at least', 'bare baseline', '/s', 'ratio'],
  style: { head: [], border: [] },
});
const row = (what, measured, bar, baseline, bare) =>
  table.push([what, round(measured), round(bar), baseline, round(bare), (measured / bare).toFixed(2)]);
row(`durable appends, ${IN_FLIGHT} in flight`, appends, 4_000, `pg, ${IN_FLIGHT} rows a commit`, inserts);
row('drain through a $all subscription', drained, 45_000, 'grpc-js, one write an event', messages);
console.log(table.toString());

await client.dispose();
servers.postMessage('stop');
await once(servers, 'exit');
await postgres.stop();
await rm(dataDir, { recursive: true, force: true });

/** Of `count` things a second. */
async function rate(count, work) {
  const start = process.hrtime.bigint();
  await work();
  return (count * 1e9) / Number(process.hrtime.bigint() - start);
}

async function append(count, events) {
  let left = count;
  const write = async () => {
    while (left-- > 0) {
      await client.appendToStream(`bench-${randomUUID()}`, newEvents(events), {
        expectedRevision: NO_STREAM,
      });
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, write));
}

async function drain(count) {
  const subscription = client.subscribeToAll();
  let left = count;
  await new Promise((resolve, reject) => {
    subscription.on('error', reject);
    subscription.on('data', () => --left === 0 && resolve());
  });
  await subscription.unsubscribe();
}

/** What group commit costs by itself. */
async function insertGroups(count) {
  const bare = new pg.Client(await postgres.ensureDatabase('bare'));
  await bare.connect();
  await bare.query(
    'create table bare (id bigserial primary key, stream uuid not null unique, data text not null)',
  );
  for (let done = 0; done < count; done += IN_FLIGHT) {
    const streams = Array.from({ length: IN_FLIGHT }, () => randomUUID());
    const texts = streams.map(() => JSON.stringify(data));
    await bare.query('insert into bare (stream, data) select * from unnest($1::uuid[], $2::text[])', [
      streams,
      texts,
    ]);
  }
  await bare.end();
}

/** What the transport costs by itself: messages of the same size that nobody decodes, over the stock gRPC library. */
async function streamMessages() {
  const bytes = (value) => value;
  const bare = new Client(`127.0.0.1:${barePort}`, credentials.createInsecure());
  const messages = bare.makeServerStreamRequest('/bare/Read', bytes, bytes, Buffer.alloc(0));
  messages.resume();
  await once(messages, 'end');
  bare.close();
}

function round(number) {
  return Math.round(number).toLocaleString('en');
}
