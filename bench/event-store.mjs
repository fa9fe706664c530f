// How fast the embedded event store is through the stock client, beside a bare in-memory gRPC node in the same run:
//   npm run bench:event-store [-- EVENTS]
import { spawn } from 'node:child_process';
import console from 'node:console';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath, URL } from 'node:url';
import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import Table from 'cli-table3';
import pg from 'pg';
import { startPostgres } from '#embedded';

const EVENTS = Number(process.argv[2] ?? 100_000);
const ROUNDS = 5;
/** 480 bytes of JSON. */
const data = { text: 'x'.repeat(458), number: 1 };
const newEvents = (count) => Array.from({ length: count }, () => jsonEvent({ type: 'happened', data }));

console.log(
  `${cpus().length} x ${cpus()[0].model}, Node ${process.version}, load ${loadavg()[0].toFixed(2)}`,
);
const dataDir = await mkdtemp(join(tmpdir(), 'bench-'));
const postgres = await startPostgres({ dataDir });
const node = await start('./event-store-node.mjs', await postgres.ensureDatabase('event_store'));
const client = EventStoreDBClient.connectionString(node.url);
await append(2_000, 64, 1);

const appends = await rounds(
  () => rate(1_500, () => append(1_500, 1, 1)),
  () => rate(8_000, () => append(8_000, 64, 1)),
  () => rate(8_000, () => insertGroups(8_000, 64)),
);
await append(EVENTS / 100, 16, 100);
const bare = await start('./bare-node.mjs', node.url);
const bareClient = EventStoreDBClient.connectionString(bare.url);
const stored = await drain(client);
const drains = await rounds(
  () => rate(stored, () => drain(client)),
  () => rate(stored, () => drain(bareClient)),
);

const table = new Table({ head: ['', '/s', 'bar'], style: { head: [], border: [] } });
table.push(
  ['durable appends, 1 in flight', round(appends[0]), ''],
  ['durable appends, 64 in flight', round(appends[1]), '4,000'],
  ['bare PostgreSQL, 64 rows a commit', round(appends[2]), ''],
  [`$all drained, ${round(stored)} events of 480 bytes`, round(drains[0]), '45,000'],
  ['the same from a bare in-memory gRPC node', round(drains[1]), ''],
  ['ratio of the two', (drains[0] / drains[1]).toFixed(2), '0.80'],
);
console.log(table.toString());

await Promise.all([client.dispose(), bareClient.dispose()]);
await Promise.all([stop(node), stop(bare)]);
await postgres.stop();
await rm(dataDir, { recursive: true, force: true });

/** Medians of works done in turn, so that a busy moment strikes all alike. */
async function rounds(...works) {
  const rates = works.map(() => []);
  for (let round = 0; round < ROUNDS; round++)
    for (const [index, work] of works.entries()) rates[index].push(await work());
  return rates.map((measured) => measured.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)]);
}

/** Of `count` things a second. */
async function rate(count, work) {
  const start = process.hrtime.bigint();
  await work();
  return (count * 1e9) / Number(process.hrtime.bigint() - start);
}

async function append(count, inFlight, events) {
  let left = count;
  const write = async () => {
    while (left-- > 0)
      await client.appendToStream(`bench-${randomUUID()}`, newEvents(events), {
        expectedRevision: NO_STREAM,
      });
  };
  await Promise.all(Array.from({ length: inFlight }, write));
}

/** Reads all there is; answers how many. */
async function drain(from) {
  let count = 0;
  const all = from.readAll();
  await new Promise((resolve, reject) => {
    all.on('error', reject);
    all.on('data', () => count++);
    all.on('end', resolve);
  });
  return count;
}

/** What group commit costs by itself. */
async function insertGroups(count, rows) {
  const bare = new pg.Client(await postgres.ensureDatabase('bare'));
  await bare.connect();
  await bare.query(
    'create table if not exists bare (id bigserial primary key, stream uuid not null unique, data text not null)',
  );
  for (let done = 0; done < count; done += rows) {
    const streams = Array.from({ length: rows }, () => randomUUID());
    const texts = streams.map(() => JSON.stringify(data));
    const insert = 'insert into bare (stream, data) select * from unnest($1::uuid[], $2::text[])';
    await bare.query(insert, [streams, texts]);
  }
  await bare.end();
}

/** A server in a process of its own. */
async function start(script, argument) {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, [path, argument], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [url] = await once(createInterface(child.stdout), 'line');
  return { child, url };
}

async function stop({ child }) {
  child.kill('SIGTERM');
  await once(child, 'exit');
}

function round(number) {
  return Math.round(number).toLocaleString('en');
}
