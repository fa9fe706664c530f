import process from 'node:process';
import { SingleBar } from 'cli-progress';

const ROUNDS = 7;

/**
 * Does the works in turn, round after round, every other round backwards, so that a busy moment strikes all alike and none
 * always comes after the same other. Answers each one's rates, a second.
 */
export async function rounds(...works) {
  const rates = works.map(() => []);
  const bar = new SingleBar({ format: '{bar} round {value} of {total}', hideCursor: null });
  bar.start(ROUNDS, 0);
  for (let round = 0; round < ROUNDS; round++) {
    const order = [...works.keys()];
    for (const index of round % 2 === 0 ? order : order.reverse())
      rates[index].push(await rate(works[index]));
    bar.update(round + 1);
  }
  bar.stop();
  return rates;
}

/** `work` answers how many things it did. */
async function rate(work) {
  const start = process.hrtime.bigint();
  const count = await work();
  return (count * 1e9) / Number(process.hrtime.bigint() - start);
}

/** A row: what, median, smallest and largest, and the bar, if there is one, with whether the median reaches it. */
export function row(name, measured, { bar, digits = 0 } = {}) {
  const format = (value) =>
    value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const median = medianOf(measured);
  const spread = `${format(Math.min(...measured))}-${format(Math.max(...measured))}`;
  const verdict = bar === undefined ? '' : `${format(bar)} ${median >= bar ? 'held' : 'MISSED'}`;
  return [name, `${format(median)} (${spread})`, verdict];
}

export function medianOf(measured) {
  return [...measured].sort((a, b) => a - b)[Math.floor(measured.length / 2)];
}
