import { anActivity, type Answer } from './http.js';

const READERS = 16;
const WRITERS = 4;

/** What clients met that must not be, and how long their reads took. */
export interface Load {
  /** Queries that were not answered as they must be, in words. */
  readonly failures: string[];
  /** Milliseconds of each read. */
  readonly reads: number[];
}

/**
 * Sixteen clients that read reports, lists and records, each with the token of the newest acknowledged command, and four that write and read
 * what they have written, until `until` resolves.
 */
export async function loadUntil(url: string, until: Promise<unknown>): Promise<Load> {
  const load: Load = { failures: [], reads: [] };
  let isOver = false;
  let newest: Answer | undefined;
  const get = async (path: string, { position }: Answer): Promise<Record<string, unknown>> => {
    const asked = performance.now();
    const headers = { 'Consistency-Token': position };
    const answer = await fetch(`${url}/api/v1${path}`, { headers });
    const body = (await answer.json()) as Record<string, unknown>;
    load.reads.push(performance.now() - asked);
    if (answer.status !== 200) load.failures.push(`${path}: ${answer.status} ${JSON.stringify(body)}`);
    return body;
  };
  const write = async (writer: number) => {
    for (let n = 0; !isOver; n++) {
      const title = `Writer ${writer}, activity ${n}`;
      const answer = await fetch(`${url}/api/v1/activities/log`, {
        method: 'POST',
        headers: { 'X-Actor': 'staff-1', 'Content-Type': 'application/json' },
        body: JSON.stringify({ ...anActivity, title }),
      });
      const written = (await answer.json()) as Answer;
      if (answer.status !== 201) load.failures.push(`log: ${answer.status} ${JSON.stringify(written)}`);
      newest = written;
      const read = await get(`/activities/${written.id}`, written);
      if (read.title !== title) load.failures.push(`${written.id} is not there after it was acknowledged`);
    }
  };
  const read = async (reader: number) => {
    for (let n = reader; !isOver; n++) {
      const token = newest;
      if (!token) await new Promise(setImmediate);
      else if (n % 4 === 0) await get(`/activities?year=${2005 + (n % 20)}&limit=50`, token);
      else if (n % 4 === 1) await get(`/activities/${token.id}`, token);
      else {
        const { asOf } = await get(
          n % 4 === 2 ? '/reports/annual' : `/reports/annual/${2005 + (n % 20)}`,
          token,
        );
        const { position } = (asOf ?? { position: '-1' }) as { position: string };
        if (BigInt(position) < BigInt(token.position))
          load.failures.push(`a report of ${position}, asked for as of ${token.position} at least`);
      }
    }
  };
  const clients = [
    ...Array.from({ length: WRITERS }, (_, writer) => write(writer)),
    ...Array.from({ length: READERS }, (_, reader) => read(reader)),
  ];
  try {
    await Promise.race([until, Promise.all(clients)]);
  } finally {
    isOver = true;
  }
  await Promise.all(clients);
  return load;
}

/** Milliseconds that 99 of 100 reads took at the most. */
export function p99({ reads }: Load): number {
  return [...reads].sort((one, other) => one - other)[Math.floor(reads.length * 0.99)]!;
}
