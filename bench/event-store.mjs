// How fast the embedded event store is through the stock client, beside a bare in-memory gRPC node in the same run:
//   npm run bench:event-store [-- EVENTS]
import console from 'node:console';
import { randomUUID } from 'node:crypto';
import process from 'node:process';
import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import Table from 'cli-table3';
import pg from 'pg';
import { drain } from './drain.mjs';
import { load, machine, start, startStore, stop } from './processes.mjs';
import { rounds, row } from './rounds.mjs';

const EVENTS = Number(process.argv[2] ?? 100_000);
/** 480 bytes of JSON. */
const data = { text: 'x'.repeat(458), number: 1 };
const newEvents = (count) => Array.from({ length: count }, () => jsonEvent({ type: 'happened', data }));

const store = await startStore();
console.log(await machine(store.postgres));
const client = EventStoreDBClient.connectionString(store.node.url);
const bareDatabase = await openBareDatabase();
await append(2_000, 64, 1);
const [oneByOne, together, bareInserts] = await rounds(
  () => append(1_000, 1, 1),
  () => append(8_000, 64, 1),
  () => insertGroups(8_000, 64),
);
await bareDatabase.end();

await append(EVENTS / 100, 16, 100);
const bare = await start('./bare-node.mjs', store.node.url);
const bareClient = EventStoreDBClient.connectionString(bare.url);
const stored = await drain(client);
if (stored !== (await drain(bareClient))) throw new Error('the two nodes serve different events');
const [drained, bareDrained] = await rounds(
  () => drain(client),
  () => drain(bareClient),
);

const table = new Table({ head: ['', 'median (min-max)', 'bar'], style: { head: [], border: [] } });
table.push(
  row('durable appends/s, 1 in flight', oneByOne),
  row('durable appends/s, 64 in flight', together, { bar: 4_000 }),
  row('rows/s of bare PostgreSQL, 64 a commit', bareInserts),
  row(`events/s of 480 bytes, $all drained (${stored.toLocaleString('en')})`, drained, { bar: 45_000 }),
  row('the same from a bare in-memory gRPC node', bareDrained),
  row(
    'ratio of the two, by round',
    drained.map((rate, round) => rate / bareDrained[round]),
    { bar: 0.8, digits: 2 },
  ),
);
console.log(`${table.toString()}\n${load()} at the end`);

await Promise.all([client.dispose(), bareClient.dispose()]);
await stop(bare);
await store.stop();

/** `count` appends of so many events each, to new streams. */
async function append(count, inFlight, events) {
  let left = count;
  const write = async () => {
    while (left-- > 0)
      await client.appendToStream(`bench-${randomUUID()}`, newEvents(events), {
        expectedRevision: NO_STREAM,
      });
  };
  await Promise.all(Array.from({ length: inFlight }, write));
  return count;
}

async function openBareDatabase() {
  const database = new pg.Client(await store.postgres.ensureDatabase('bare'));
  await database.connect();
  await database.query(
    'create table bare (id bigserial primary key, stream uuid not null unique, data text not null)',
  );
  return database;
}

/** What group commit costs by itself. */
async function insertGroups(count, rows) {
  for (let done = 0; done < count; done += rows) {
    const streams = Array.from({ length: rows }, () => randomUUID());
    const texts = streams.map(() => JSON.stringify(data));
    const insert = 'insert into bare (stream, data) select * from unnest($1::uuid[], $2::text[])';
    await bareDatabase.query(insert, [streams, texts]);
  }
  return count;
}
