import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { Pool } from 'undici';
import { quantile, rate } from './measure.mjs';

const ROUNDS = 5;
const SECONDS = 4;
const activity = {
  ...{ title: 'Staff course', kind: 'course', programme: 'ipcp', role: 'participant' },
  ...{ startsOn: '2024-03-04', endsOn: '2024-03-08', held: { startsOn: '2024-03-04', endsOn: '2024-03-08' } },
  organiser: { name: 'NATO School', kind: 'nato' },
};

/**
 * `POST /activities/log` over so many connections beside appends of the very events it stores through the stock client, as many
 * in flight: rates of both by round, and the milliseconds of each request.
 */
export async function measureCommands(apiUrl, client, connections) {
  const api = new Pool(apiUrl, { connections });
  const times = [];
  const post = async () => {
    const start = performance.now();
    const id = await log(api);
    times.push(performance.now() - start);
    return id;
  };
  const stored = await storedEvent(client, await post());
  const append = () =>
    client.appendToStream(`activity-${randomUUID()}`, jsonEvent({ ...stored, id: randomUUID() }), {
      expectedRevision: NO_STREAM,
    });
  await forSeconds(1, connections, post);
  await forSeconds(1, connections, append);
  times.length = 0;
  const [commands, appends] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    commands.push(await rate(() => forSeconds(SECONDS, connections, post)));
    appends.push(await rate(() => forSeconds(SECONDS, connections, append)));
  }
  await api.destroy();
  return { commands, appends, p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
}

/**
 * Milliseconds from sending a command until a query that waits for it shows the activity, at `perSecond` commands begun a second,
 * whatever the answers take.
 */
export async function measureVisible(apiUrl, perSecond, seconds) {
  const api = new Pool(apiUrl, { connections: 256 });
  const times = [];
  const one = async () => {
    const start = performance.now();
    const { body, headers } = await send(api, 'POST', '/activities/log', activity);
    const token = { 'Consistency-Token': headers['consistency-token'] };
    const found = await send(api, 'GET', `/activities/${body.id}`, undefined, token);
    if (found.body.title !== activity.title) throw new Error(JSON.stringify(found.body));
    times.push(performance.now() - start);
  };
  const began = performance.now();
  const under = [];
  for (let n = 0; n < perSecond * seconds; n++) {
    const due = began + (n * 1_000) / perSecond;
    while (performance.now() < due) await sleep(due - performance.now());
    under.push(one());
  }
  await Promise.all(under);
  await api.destroy();
  return times;
}

async function log(api) {
  return (await send(api, 'POST', '/activities/log', activity)).body.id;
}

async function send(api, method, path, json, more = {}) {
  const headers = { 'x-actor': 'staff-1', ...(json && { 'content-type': 'application/json' }), ...more };
  const body = json && JSON.stringify(json);
  const answer = await api.request({ path: `/api/v1${path}`, method, headers, body });
  if (answer.statusCode >= 300) throw new Error(`${answer.statusCode} ${await answer.body.text()}`);
  return { body: await answer.body.json(), headers: answer.headers };
}

async function storedEvent(client, id) {
  let stored;
  for await (const { event } of client.readStream(`activity-${id}`))
    stored = { type: event.type, data: event.data, metadata: event.metadata };
  if (!stored) throw new Error(`nothing is stored of ${id}`);
  return stored;
}

async function forSeconds(seconds, inFlight, work) {
  const end = performance.now() + seconds * 1_000;
  let done = 0;
  const loop = async () => {
    for (; performance.now() < end; done++) await work();
  };
  await Promise.all(Array.from({ length: inFlight }, loop));
  return done;
}
