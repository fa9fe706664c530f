import { createHash } from 'node:crypto';
import { jsonEvent, NO_STREAM, type JSONEventData } from '@eventstore/db-client';
import { idOf } from '#testing';
import { IS_LONG } from '../support/setting.js';
import type { Append } from './open-connections.js';

const { STORE_SEED = '20261124', STORE_APPENDS = IS_LONG ? '200' : '120' } = process.env;
export const SEED = STORE_SEED;
export const CONNECTIONS = 64;
/** Appends of each connection, a multiple of its 4 writers. */
export const APPENDS = Number(STORE_APPENDS);
/** Writers are numbered from 0; each waits for an answer before it goes on. */
export const WRITERS = 4 * CONNECTIONS;
export const TOTAL = CONNECTIONS * APPENDS;

/** 32 bytes that depend on nothing but the seed and the name. */
export function drawn(...name: unknown[]): Buffer {
  return createHash('sha256')
    .update([SEED, ...name].join(' '))
    .digest();
}

/** What one writer appends, in order: 1 to 4 events at a time, to streams that are its own. */
export function* appendsOf(writer: number): Generator<Append, undefined> {
  let [stream, revision] = ['', -1n];
  for (let n = 0; n < TOTAL / WRITERS; n++) {
    const [size, fresh] = drawn('append', writer, n);
    if (n === 0 || fresh! < 8) [stream, revision] = [`retried-${writer}-${n}`, -1n];
    const expectedRevision = revision < 0n ? NO_STREAM : revision;
    const events = Array.from({ length: 1 + (size! % 4) }, () => eventOf(stream, ++revision));
    yield { stream, expectedRevision, events };
  }
}

function eventOf(stream: string, revision: bigint): JSONEventData {
  const bytes = drawn('event', stream, revision);
  const id = idOf(`${SEED} ${stream} ${revision}`);
  return jsonEvent({ id, type: 'written', data: { text: bytes.toString('hex').repeat(bytes[0]! % 16) } });
}

export interface Kill {
  readonly victim: 'node' | 'PostgreSQL' | 'both';
  /** Counted in acknowledgements of all connections. */
  readonly at: number;
}

/** One in each part of the run, at any moment of it at which all writers still write. */
export function kills(): Kill[] {
  const count = Math.ceil(APPENDS / 25);
  const part = Math.floor(TOTAL / count);
  return Array.from({ length: count }, (_, n) => ({
    victim: (['node', 'both', 'node', 'PostgreSQL'] as const)[n % 4]!,
    at: n * part + 1 + (drawn('kill', n).readUInt32BE() % (part - WRITERS)),
  }));
}
