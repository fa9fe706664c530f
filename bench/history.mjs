// How fast the past is told: reports as of past positions, histories, the audit feed, publishing, and a whole verification beside
// a bare drain of the same events in the same run:
//   npm run bench:history [-- ACTIVITIES]
import console from 'node:console';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { EventStoreDBClient } from '@eventstore/db-client';
import Table from 'cli-table3';
import { eventRegistry, VerificationThread } from '#application';
import { EventStore } from '#event-sourcing';
import { random } from '#testing';
import { FIRST_YEAR, idOf, record, YEARS } from './activities.mjs';
import { drain } from './drain.mjs';
import { caughtUp, getter, rate, shown, timed } from './measure.mjs';
import { load, machine, startStore } from './processes.mjs';
import { startProgram, stopProgram } from './program.mjs';
import { medianOf, row } from './rounds.mjs';

const ACTIVITIES = Number(process.argv[2] ?? 250_000);
const ROUNDS = 3;

const stores = await startStore();
console.log(await machine(stores.postgres));
const store = EventStore.connect(stores.node.url, eventRegistry);
await shown('Recording', ACTIVITIES, (onDone) => record(store, ACTIVITIES, onDone));

const settings = {
  EVENTSTOREDB_URL: stores.node.url,
  DATABASE_URL: await stores.postgres.ensureDatabase('cooperation'),
  LOG_LEVEL: 'error',
};
const projector = await startProgram('projector', settings);
const api = await startProgram('api', { ...settings, PORT: '0' });
const base = `${api.url}/api/v1`;
const get = getter(base);
await shown('Projecting', ACTIVITIES * 4, (onDone) =>
  caughtUp(store, settings.DATABASE_URL, (part) => onDone(part * ACTIVITIES * 4)),
);
await stores.tidy();

const next = random(1);
const head = BigInt((await get('/reports/annual/2010')).asOf.position);
const position = () => (head * BigInt(1 + next(1_000))) / 1_000n;
const year = () => FIRST_YEAR + next(YEARS);
const id = () => idOf(next(ACTIVITIES));
const headers = { 'X-Actor': 'auditor-1' };
const asked = {
  'year report, now': () => `/reports/annual/${year()}`,
  'year report as of a past position': () => `/reports/annual/${year()}?asOfPosition=${position()}`,
  'table of years, now': () => '/reports/annual',
  'history of an activity': () => `/activities/${id()}/history`,
  'feed page': () => `/audit/events?after=${position()}`,
  'feed page of a type': () => `/audit/events?type=ActivityLogged&after=${position()}`,
  'feed page of an actor': () => `/audit/events?actor=staff-3&after=${position()}`,
  'feed page of a stream': () => `/audit/events?stream=activity-${id()}`,
  'feed page of a month': () => `/audit/events?from=${year()}-12-01T00:00:00Z`,
};
const bars = {
  'year report as of a past position': 60,
  'table of years, now': 50,
  'history of an activity': 50,
};
const requests = new Table({
  head: ['milliseconds', 'p50', 'p99 (min-max of rounds)', 'most', 'bar of p99'],
  style: { head: [], border: [] },
  colAligns: ['left', 'right', 'right', 'right', 'right'],
});
for (const [what, { p50, p99, most }] of await timed(base, asked, { headers })) {
  const bar = bars[what] ?? (what.startsWith('feed') ? 50 : undefined);
  const verdict = bar === undefined ? '' : `${bar} ${medianOf(p99) < bar ? 'held' : 'MISSED'}`;
  const spread = `${medianOf(p99).toFixed(1)} (${Math.min(...p99).toFixed(1)}-${Math.max(...p99).toFixed(1)})`;
  requests.push([what, medianOf(p50).toFixed(1), spread, Math.max(...most).toFixed(1), verdict]);
}
console.log(requests.toString());

const began = performance.now();
await post('/reports/annual/2010/publish', {});
console.log(`publishing an edition: ${((performance.now() - began) / 1_000).toFixed(1)} s`);

const client = EventStoreDBClient.connectionString(stores.node.url);
const drained = [];
const verified = [];
for (let round = 0; round < ROUNDS; round++) {
  drained.push(await rate(() => drain(client)));
  verified.push(await rate(() => verifyAll(new VerificationThread(settings))));
}
const rates = new Table({ head: ['', 'median (min-max)', 'bar'], style: { head: [], border: [] } });
rates.push(
  row('events/s drained, bare', drained),
  row('events/s verified', verified),
  row(
    'ratio of the two, by round',
    verified.map((rate, round) => rate / drained[round]),
    { bar: 0.7, digits: 2 },
  ),
);
console.log(`${rates.toString()}\n${load()} at the end`);

await client.dispose();
await stopProgram(api);
await stopProgram(projector);
await store.close();
await stores.stop();

async function post(path, body) {
  const headers = { 'X-Actor': 'staff-1', 'Content-Type': 'application/json' };
  const answer = await fetch(`${base}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
}

async function verifyAll(verifier) {
  const { intact, faults, events } = await verifier.run(() => undefined);
  if (!intact) throw new Error(JSON.stringify(faults.slice(0, 5)));
  return events;
}
