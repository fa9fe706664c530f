import console from 'node:console';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { URL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { SingleBar } from 'cli-progress';
import pg from 'pg';
import { projections, streamPrefixes, summaries } from '#application';

/** Does work that tells how much of `total` is done, with a bar; answers how many a second it was. */
export async function shown(what, total, work) {
  const start = performance.now();
  const bar = new SingleBar({ format: `${what} {bar} {percentage}% {eta_formatted} left`, hideCursor: null });
  bar.start(total, 0);
  await work((done) => bar.update(Math.floor(done)));
  bar.stop();
  const rate = total / ((performance.now() - start) / 1_000);
  console.log(
    `${what}: ${Math.round(total / rate).toLocaleString('en')} s, ${Math.round(rate).toLocaleString('en')}/s`,
  );
  return rate;
}

/** How many a second; `work` answers how many it did. */
export async function rate(work) {
  const start = performance.now();
  return ((await work()) / (performance.now() - start)) * 1_000;
}

/**
 * What requests of the API at `base` take, in rounds that alternate between the things asked, `count` requests each, one after the other:
 * for each thing the milliseconds' p50, p99 and most of every round. A round before them warms up, as in a server that has run
 * for a while.
 * @param asked by name, what makes the path of a request
 */
export async function timed(base, asked, { rounds = 5, count = 200, headers = {} } = {}) {
  const names = Object.keys(asked);
  const took = new Map(names.map((name) => [name, { p50: [], p99: [], most: [] }]));
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const times = await ask(base, Array.from({ length: count }, asked[name]), headers);
      if (round === 0) continue;
      const { p50, p99, most } = took.get(name);
      p50.push(quantile(times, 0.5));
      p99.push(quantile(times, 0.99));
      most.push(Math.max(...times));
    }
  }
  return took;
}

async function ask(base, paths, headers) {
  const thread = new Worker(new URL('./asker.mjs', import.meta.url), {
    workerData: { base, paths, headers },
  });
  const [took] = await once(thread, 'message');
  return took;
}

export function quantile(values, part) {
  return [...values].sort((one, other) => one - other)[Math.ceil(values.length * part) - 1];
}

/** Reads an answer of the API at `base`. */
export function getter(base) {
  return async (path, headers = {}) => {
    const answer = await fetch(`${base}${path}`, { headers });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${text}`);
    return JSON.parse(text);
  };
}

/**
 * Waits until all projections have applied what the store holds now, and all is summed up. It looks at their checkpoints only: the
 * API counts the events that are not applied yet, which costs as much as applying some. `onDone` is told which part is done.
 */
export async function caughtUp(store, databaseUrl, onDone = () => undefined) {
  const head = (await store.head(streamPrefixes))?.position ?? -1n;
  const postgres = new pg.Client(databaseUrl);
  await postgres.connect();
  for (; ; await sleep(200)) {
    const { rows } = await postgres.query(
      "select count(*)::integer as count, min(position) as least from public.projection where phase = 'serving'",
    );
    const [{ count, least }] = rows;
    if (count < projections.length) continue;
    onDone(Math.max(0, Number(least) / Number(head)));
    if (BigInt(least) >= head && !(await anyDue(postgres))) break;
  }
  await postgres.end();
}

async function anyDue(postgres) {
  for (const summary of summaries) if (await summary.isDue(postgres, summary.of)) return true;
  return false;
}
