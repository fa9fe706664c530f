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
 * Milliseconds of each of `count` requests of the API at `base`, one after the other; as many before them warm up, as in a server that
 * has run for a while.
 */
export async function timed(base, path, { count = 300, headers = {} } = {}) {
  const paths = Array.from({ length: 2 * count }, () => path());
  const thread = new Worker(new URL('./asker.mjs', import.meta.url), {
    workerData: { base, paths, headers },
  });
  const [took] = await once(thread, 'message');
  return took.slice(count);
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
