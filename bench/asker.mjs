// A thread of `timed` in measure.mjs: asks for each path in turn and tells how many milliseconds each took. A thread has a heap of
// its own: what the benchmark has in memory is not collected while something else is timed.
import { performance } from 'node:perf_hooks';
import { parentPort, workerData } from 'node:worker_threads';

const { base, paths, headers } = workerData;
const took = [];
for (const path of paths) {
  const start = performance.now();
  const answer = await fetch(`${base}${path}`, { headers });
  const text = await answer.text();
  took.push(performance.now() - start);
  if (!answer.ok) throw new Error(`${path}: ${text}`);
}
parentPort.postMessage(took);
