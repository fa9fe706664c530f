import assert from 'node:assert/strict';
import {
  BACKWARDS,
  END,
  FORWARDS,
  START,
  type AllStreamResolvedEvent,
  type ResolvedEvent,
} from '@eventstore/db-client';
import { gather } from '../open-store.js';
import type { Ground } from './ground.js';
import { metastreamOf, type Metadata } from './model-metadata.js';
import { TOMBSTONE, type From, type ModelEvent } from './model-event.js';
import { refusalOf, refusalOfRead } from './refusals.js';

/** Reads of a stream, of `$all` and of metadata, compared event by event. */
export class Reads {
  constructor(private readonly ground: Ground) {}

  async stream(): Promise<void> {
    const { random, model } = this.ground;
    const original = this.ground.stream();
    const stream = random.chance(20) ? metastreamOf(original) : original;
    const last = model.last(stream) === TOMBSTONE ? 5 : model.last(stream);
    const backwards = random.chance(50);
    // Where a read forwards from the end begins is told differently by the protocol and by the server.
    const from = random.of<From>([
      START,
      backwards ? END : START,
      random.below(last + 4),
      random.below(last + 4),
    ]);
    await this.compareStream(stream, backwards, from, random.of([1, 2, 3, 5, 8, 1_000]));
  }

  async all(): Promise<void> {
    const { random, model } = this.ground;
    const backwards = random.chance(50);
    const known = this.knownEvent();
    const from = random.of<From>(known ? [known.index, known.index, known.index, START, END] : [START, END]);
    const count = 1 + random.below(40);
    this.ground.tell('$all', `read ${backwards ? BACKWARDS : FORWARDS} from ${from}, ${count} events`);
    const wanted = model.readAll(backwards ? BACKWARDS : FORWARDS, from, count);
    this.ground.sightings.delivered(await this.readAll(backwards, from, count), wanted);
  }

  async metadata(): Promise<void> {
    const { client, model } = this.ground;
    const stream = this.ground.stream();
    const metastream = metastreamOf(stream);
    this.ground.tell(metastream, 'get metadata');
    const got = await client.getStreamMetadata(stream).catch(refusalOf);
    const [newest] = [model.read(metastream, BACKWARDS, END, 1)].flat();
    if (!newest || 'refused' in newest) {
      const missing = { streamName: stream };
      const isMissing = newest?.refused === 'StreamNotFound';
      return assert.deepEqual(got, isMissing || !newest ? missing : refusalOfRead(newest));
    }
    const { metadata, streamName } = got as { metadata?: Metadata; streamName: string };
    assert.deepEqual({ streamName, metadata }, { streamName: stream, metadata: asTheClientReads(newest) });
  }

  /** Every stream and `$all`, whole, in both directions. */
  async everything(): Promise<void> {
    const { model } = this.ground;
    for (const original of this.ground.names) {
      for (const stream of [original, metastreamOf(original)]) {
        await this.compareStream(stream, false, START, 1_000_000);
        await this.compareStream(stream, true, END, 1_000_000);
      }
    }
    for (const backwards of [false, true]) {
      this.ground.tell('$all', `read ${backwards ? BACKWARDS : FORWARDS}, whole`);
      const from = backwards ? END : START;
      const wanted = model.readAll(backwards ? BACKWARDS : FORWARDS, from, Infinity);
      this.ground.sightings.delivered(await this.readAll(backwards, from, Infinity), wanted);
    }
  }

  /** An event of late whose position was told, if any. */
  knownEvent(): ModelEvent | undefined {
    const { random, model, sightings } = this.ground;
    const lately = model.all.slice(-random.of([5, 50, 300]));
    const known = lately.filter((event) => sightings.positionOf(event));
    return known.length > 0 ? random.of(known) : undefined;
  }

  private async compareStream(
    stream: string,
    backwards: boolean,
    from: From,
    maxCount: number,
  ): Promise<void> {
    const { client, model, sightings } = this.ground;
    const direction = backwards ? BACKWARDS : FORWARDS;
    this.ground.tell(stream, `read ${direction} from ${from}, ${maxCount} events`);
    const wanted = model.read(stream, direction, from, maxCount);
    const fromRevision = typeof from === 'number' ? BigInt(from) : from;
    const got = await gather<ResolvedEvent>(
      client.readStream(stream, { direction, fromRevision, maxCount }),
    ).catch(refusalOf);
    if ('refused' in wanted) assert.deepEqual(got, refusalOfRead(wanted));
    else {
      if (!Array.isArray(got)) assert.deepEqual(got, wanted);
      sightings.delivered(got as ResolvedEvent[], wanted);
    }
  }

  /** Own events only; in a store that others write into, the count is of own events. */
  private async readAll(backwards: boolean, from: From, count: number) {
    const { client, model, sightings, shared, base } = this.ground;
    const isStart = from === START && shared;
    // Backwards from the start there is nothing.
    if (isStart && backwards) return [];
    const position = typeof from === 'number' ? sightings.positionOf(model.all[from]!)! : from;
    const fromPosition = isStart ? { commit: base, prepare: base } : position;
    const maxCount = shared || count === Infinity ? undefined : count;
    const own: AllStreamResolvedEvent[] = [];
    const direction = backwards ? BACKWARDS : FORWARDS;
    const read = client.readAll({ direction, fromPosition, maxCount });
    for await (const resolved of read) {
      const { streamId, position: at } = resolved.event!;
      const isOver = own.length === count || (backwards && at!.commit <= base);
      // Cancelled, but read to its end: the client cannot be disposed of while a call has events left.
      if (shared && isOver) await read.cancel();
      else if (!shared || this.ground.isOwn(streamId)) own.push(resolved);
    }
    return own;
  }
}

function asTheClientReads({ data }: ModelEvent): Metadata {
  const names: Record<string, string> = {
    $maxAge: 'maxAge',
    $maxCount: 'maxCount',
    $tb: 'truncateBefore',
    $cacheControl: 'cacheControl',
  };
  return Object.fromEntries(
    Object.entries(data as Metadata).map(([key, value]) => [names[key] ?? key, value]),
  );
}
