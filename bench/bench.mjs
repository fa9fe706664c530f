// How fast everything is, each thing beside a bare baseline in the same run; writes bench/results.md:
//   npm run bench [-- --sizes 10000,100000,250000,1000000 --building 250000 --rows 50000 --only abcde --out FILE]
import console from 'node:console';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, URL } from 'node:url';
import { parseArgs } from 'node:util';
import { EventStoreDBClient } from '@eventstore/db-client';
import pg from 'pg';
import { eventRegistry, streamPrefixes } from '#application';
import { EventStore } from '#event-sourcing';
import { random } from '#testing';
import { FIRST_YEAR, record, YEARS } from './activities.mjs';
import { measureBuilding } from './building.mjs';
import { measureCommands, measureVisible } from './commands.mjs';
import { appendsSince, importTable, parseAndAppend, writeTable } from './importing.mjs';
import { caughtUp, getter, quantile, shown, timed } from './measure.mjs';
import { peakMemory } from './memory.mjs';
import { machine, startStore } from './processes.mjs';
import { startProgram, stopProgram } from './program.mjs';
import { Results } from './results.mjs';
import { medianOf } from './rounds.mjs';

const { values: options } = parseArgs({
  options: {
    sizes: { type: 'string', default: '10000,100000,250000,1000000' },
    building: { type: 'string', default: '250000' },
    rows: { type: 'string', default: '50000' },
    only: { type: 'string', default: 'abcde' },
    out: { type: 'string', default: fileURLToPath(new URL('results.md', import.meta.url)) },
  },
});
const sizes = options.sizes.split(',').map(Number);
const measures = (part) => options.only.includes(part);
const [building, rows] = [Number(options.building), Number(options.rows)];

const stores = await startStore();
const results = new Results(await machine(stores.postgres), options.out);
const settings = {
  EVENTSTOREDB_URL: stores.node.url,
  DATABASE_URL: await stores.postgres.ensureDatabase('cooperation'),
  LOG_LEVEL: 'error',
};
const store = EventStore.connect(stores.node.url, eventRegistry);
const client = EventStoreDBClient.connectionString(stores.node.url);
let projector = await startProgram('projector', settings);
const api = await startProgram('api', { ...settings, PORT: '0' });
const base = `${api.url}/api/v1`;
const get = getter(base);
const head = async () => BigInt((await get('/reports/annual/2010')).asOf.position);

if (measures('a')) await commands();
if (measures('e')) await visible();
if (measures('d')) await importing();
let recorded = 0;
/** Of p99, in milliseconds, at a million activities. */
const BARS = {
  'year report': 25,
  'year report as of a past position': 100,
  'series of years': 50,
  'filtered list': 50,
};
/** Milliseconds of a request by what it asks, at each size: p50 and p99. */
const grown = new Map();
for (const size of sizes) {
  await reports(size);
  if (measures('b') && size === building) await readModel();
}
if (measures('c')) growth();
if (measures('e')) await footprint();
await stopProgram(projector);
await stopProgram(api);
await client.dispose();
await store.close();
await stores.stop();
if (measures('e')) await start();
console.log(`\n${results.text()}\nwritten to ${options.out}`);

/** (a) */
async function commands() {
  for (const connections of [1, 16, 64]) {
    console.log(`commands over ${connections} connections`);
    const { commands, appends, p50, p99 } = await measureCommands(api.url, client, connections);
    const ratios = commands.map((rate, round) => rate / appends[round]);
    const name = `(a) POST /activities/log, ${connections} connections`;
    results.add(`${name}: of bare appends`, ratios, {
      digits: 2,
      least: connections === 64 ? 0.6 : undefined,
    });
    results.add(`${name}: p99 of p50`, [p99 / p50], { digits: 1, most: connections === 64 ? 3 : undefined });
    results.add(`${name}: commands/s`, commands);
    results.add(`${name}: bare appends/s`, appends);
    results.add(`${name}: p50, ms`, [p50], { digits: 1 });
  }
}

/** (e) */
async function visible() {
  console.log('100 commands a second, each until it is seen');
  await caughtUp(store, settings.DATABASE_URL);
  await measureVisible(api.url, 100, 10);
  const times = await measureVisible(api.url, 100, 20);
  results.add('(e) command to visible, 100/s: p99, ms', [quantile(times, 0.99)], { most: 150 });
  results.add('(e) command to visible, 100/s: p50, ms', [quantile(times, 0.5)]);
}

/** (d) Each alone: what a projector has to do is the same whoever appended. */
async function importing() {
  await stopProgram(projector);
  const folder = await mkdtemp(join(tmpdir(), 'bench-import-'));
  const [imports, bares, memories] = [[], [], []];
  for (let round = 0; round < 3; round++) {
    console.log(`importing ${rows.toLocaleString('en')} rows, round ${round + 1} of 3`);
    const from = await newest();
    const path = await writeTable(folder, rows, `round${round}`);
    const { imported, memory } = await importTable(path, rows, settings);
    imports.push(imported);
    memories.push(memory / 1e6);
    bares.push(await parseAndAppend(path, rows, client, await appendsSince(client, from)));
  }
  await rm(folder, { recursive: true });
  projector = await startProgram('projector', settings);
  const ratios = imports.map((rate, round) => rate / bares[round]);
  results.add('(d) import: of parsing and bare appends', ratios, { digits: 2, least: 0.5 });
  results.add('(d) import: most memory, MB', memories, { most: 300 });
  results.add('(d) import: rows/s', imports);
  results.add('(d) parsing and bare appends: rows/s', bares);
}

/** Where the newest event of the store stands. Read to the end: the client cannot be closed after a call that was left before. */
async function newest() {
  let position = 'start';
  for await (const { event } of client.readAll({ direction: 'backwards', fromPosition: 'end', maxCount: 1 }))
    position = event.position;
  return position;
}

/** (c) */
async function reports(size) {
  // Each alone: beside a projector that sees every event at once, recording so many takes twice as long.
  await stopProgram(projector);
  await shown(`recording up to ${size.toLocaleString('en')} activities`, size - recorded, (onDone) =>
    record(store, size, onDone, recorded),
  );
  projector = await startProgram('projector', settings);
  await shown('projecting', (size - recorded) * 4, (onDone) =>
    caughtUp(store, settings.DATABASE_URL, (part) => onDone(part * (size - recorded) * 4)),
  );
  recorded = size;
  if (!measures('c')) return;
  console.log('tidying up');
  await stores.tidy();
  const next = random(1);
  const newestPosition = await head();
  const year = () => FIRST_YEAR + next(YEARS);
  const position = () => (newestPosition * BigInt(1 + next(1_000))) / 1_000n;
  const asked = {
    'year report': () => `/reports/annual/${year()}`,
    'year report as of a past position': () => `/reports/annual/${year()}?asOfPosition=${position()}`,
    'series of years': () => '/reports/annual',
    'filtered list': () => `/activities?kind=course&status=held&year=${year()}`,
  };
  const byWords = { 'list by words': () => `/activities?q=course%20${next(size)}` };
  const took = [...(await timed(base, asked)), ...(await timed(base, byWords, { rounds: 3, count: 40 }))];
  for (const [what, { p50, p99 }] of took) {
    const name = `(c) ${what}, ${size.toLocaleString('en')} activities`;
    const most = size === 1_000_000 ? BARS[what] : undefined;
    results.add(`${name}: p99, ms`, p99, { digits: 1, most });
    results.add(`${name}: p50, ms`, p50, { digits: 1 });
    grown.set(what, [...(grown.get(what) ?? []), { p50: medianOf(p50), p99: medianOf(p99) }]);
  }
}

function growth() {
  const [first, last] = [sizes[0], sizes.at(-1)].map((size) => size.toLocaleString('en'));
  for (const [what, at] of grown) {
    const times = (part) => at.at(-1)[part] / at[0][part];
    const name = `(c) ${what}, ${last} beside ${first}`;
    results.add(`${name}: times p50`, [times('p50')], { digits: 1 });
    results.add(`${name}: times p99`, [times('p99')], { digits: 1 });
  }
}

/** (e) */
async function footprint() {
  for (const [name, { child }] of Object.entries({ 'event node': stores.node, projector, api }))
    results.add(`(e) most memory of ${name}, MB`, [peakMemory(child.pid) / 1e6]);
  const postgres = new pg.Client(settings.DATABASE_URL);
  await postgres.connect();
  for (const database of ['event_store', 'cooperation']) {
    const { rows } = await postgres.query('select pg_database_size($1) as size', [database]);
    const { rows: counted } = await postgres.query(
      'select count(distinct id) as count from activities.activity',
    );
    results.add(`(e) bytes of ${database} for an activity`, [
      Number(rows[0].size) / Number(counted[0].count),
    ]);
  }
  await postgres.end();
}

/** (b) */
async function readModel() {
  console.log('building the read models, 3 rounds');
  const events = (await store.after(-1n, streamPrefixes, Infinity)).count;
  const { built, drained } = await measureBuilding({ stores, store, client, events, settings, rounds: 3 });
  const ratios = built.map((rate, round) => rate / drained[round]);
  results.add(`(b) building from ${events.toLocaleString('en')} events: of the drain`, ratios, {
    digits: 2,
    least: 0.85,
  });
  results.add('(b) events/s built', built);
  results.add('(b) events/s drained', drained);
}

/** (e) `coop start`, the first time and again. */
async function start() {
  const folder = await mkdtemp(join(tmpdir(), 'bench-start-'));
  const took = [];
  for (let round = 0; round < 4; round++) {
    const { PATH, HOME } = process.env;
    const coop = fileURLToPath(new URL('../bin/coop.js', import.meta.url));
    const began = performance.now();
    const child = spawn(process.execPath, [coop, 'start'], {
      env: { PATH, HOME, DATA_DIR: folder, PORT: '0', LOG_FORMAT: 'json', LOG_LEVEL: 'info' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const lines = createInterface(child.stderr);
    const url = await new Promise((resolve) =>
      lines.on('line', (line) => {
        const served = /"url":"([^"]+\/api\/v1)"/.exec(line);
        if (served) resolve(served[1]);
      }),
    );
    while ((await (await fetch(`${url}/health/ready`)).json()).status !== 'ok') await sleep(20);
    took.push((performance.now() - began) / 1_000);
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  await rm(folder, { recursive: true });
  results.add('(e) start to ready, first, s', [took[0]], { digits: 1 });
  results.add('(e) start to ready, warm, s', took.slice(1), { digits: 1, most: 4 });
}
