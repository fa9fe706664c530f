import { randomUUID } from 'node:crypto';
import {
  ANY,
  NO_STREAM,
  STREAM_EXISTS,
  type AppendExpectedRevision,
  type StreamMetadata,
} from '@eventstore/db-client';
import type { Ground } from './ground.js';
import type { Proposed } from './model-event.js';
import { METADATA_TYPE, metastreamOf, originalOf, type Metadata } from './model-metadata.js';

export interface Append {
  readonly what: string;
  readonly stream: string;
  readonly expected: AppendExpectedRevision;
  readonly events: readonly Proposed[];
}

/** An append that was written, to be made again in one way or another. */
export interface Past extends Append {
  /** Revision of its first event. */
  readonly first: number;
}

/** Ids are known for a while only. */
const REPEATED = 500;

/** Chooses what is written: new events, and old ones again, exactly or not quite. */
export class Draw {
  private readonly past: Past[] = [];
  private written = 0;

  constructor(private readonly ground: Ground) {}

  remember(append: Past): void {
    this.past.push(append);
    if (this.past.length > REPEATED) this.past.shift();
  }

  append(): Append {
    const { random, streams } = this.ground;
    for (;;) {
      const inUse = this.past.filter(({ stream }) => streams.includes(originalOf(stream) ?? stream));
      // Often the very last: within a burst it is not stored yet.
      const past = random.chance(40) ? inUse.at(-1) : inUse[random.below(inUse.length)];
      const append = past && random.chance(40) ? this.again(past) : this.fresh();
      if (!this.isUndecided(append.stream)) return append;
    }
  }

  /** Right as often as not, so that streams grow. */
  expected(stream: string): AppendExpectedRevision {
    const { random } = this.ground;
    const last = this.last(stream);
    return random.weighted<AppendExpectedRevision>([
      [25, ANY],
      [40, last < 0 ? NO_STREAM : BigInt(last)],
      [10, NO_STREAM],
      [last < 0 ? 25 : 10, STREAM_EXISTS],
      [8, BigInt(random.below(Math.max(1, last)))],
      [7, BigInt(last + 1 + random.below(3))],
    ]);
  }

  /** Metadata as the client takes it, and as it is stored. */
  metadata(stream: string): [StreamMetadata, Metadata] {
    const { random } = this.ground;
    const last = this.last(stream);
    const count = random.below(6);
    const revision = random.of([
      0,
      Math.max(0, last - random.below(4)),
      last + 1,
      last + 1 + random.below(3),
    ]);
    return random.of<[StreamMetadata, Metadata]>([
      [{}, {}],
      [{ owner: 'office' }, { owner: 'office' }],
      [{ maxCount: count }, { $maxCount: count }],
      [{ truncateBefore: revision }, { $tb: revision }],
      [
        { maxCount: count, truncateBefore: revision, owner: 'office' },
        { $maxCount: count, $tb: revision, owner: 'office' },
      ],
      [
        { maxAge: 1_000_000_000, cacheControl: 60 },
        { $maxAge: 1_000_000_000, $cacheControl: 60 },
      ],
      // No number: the whole of it limits nothing.
      [
        { truncateBefore: revision, $maxCount: 'many' },
        { $tb: revision, $maxCount: 'many' },
      ],
    ]);
  }

  /** Whether metadata can be written beyond a tombstone depends, on the real server, on what it has in its cache. */
  isUndecided(stream: string): boolean {
    const { model } = this.ground;
    return originalOf(stream) !== undefined && model.isTombstoned(stream) && model.last(stream) >= 0;
  }

  private fresh(): Append {
    const { random } = this.ground;
    const original = this.ground.stream();
    const count = random.weighted([
      [5, 0],
      [45, 1],
      [50, 2 + random.below(4)],
    ]);
    if (random.chance(92)) {
      const expected = this.expected(original);
      return { what: 'new events', stream: original, expected, events: this.events(count) };
    }
    const stream = metastreamOf(original);
    const events = Array.from({ length: Math.min(count, 2) }, () => ({
      id: randomUUID(),
      type: METADATA_TYPE,
      data: this.metadata(original)[1],
    }));
    return { what: 'metadata', stream, expected: this.expected(stream), events };
  }

  private again({ stream, expected, events, first }: Past): Append {
    const { random } = this.ground;
    const explicit: AppendExpectedRevision = first === 0 ? NO_STREAM : BigInt(first - 1);
    const loose = random.of<AppendExpectedRevision>([ANY, STREAM_EXISTS]);
    const either = random.of<AppendExpectedRevision>([explicit, loose]);
    const part = 1 + random.below(events.length);
    const rest = random.of<AppendExpectedRevision>([BigInt(first + part - 1), loose]);
    const last = this.last(stream);
    const atEnd: AppendExpectedRevision = last < 0 ? NO_STREAM : BigInt(last);
    const spoiled = events.map((event, index) =>
      index === part - 1 ? { ...event, id: randomUUID() } : event,
    );
    const original = this.ground.stream();
    const other = originalOf(stream) === undefined ? original : metastreamOf(original);
    return random.of<Append>([
      { what: 'again', stream, expected, events },
      { what: 'again by revision', stream, expected: explicit, events },
      { what: 'again whatever the revision', stream, expected: loose, events },
      { what: 'the beginning again', stream, expected: either, events: events.slice(0, part) },
      { what: 'the end again', stream, expected: rest, events: events.slice(part) },
      { what: 'again and more', stream, expected: either, events: [...events, ...this.events(1)] },
      { what: 'again, one replaced', stream, expected: either, events: spoiled },
      { what: 'again the other way round', stream, expected: either, events: [...events].reverse() },
      { what: 'again, one revision off', stream, expected: BigInt(first), events },
      { what: 'again at the end', stream, expected: atEnd, events },
      { what: 'again elsewhere', stream: other, expected: this.expected(other), events },
    ]);
  }

  private events(count: number): Proposed[] {
    const { random, run } = this.ground;
    return Array.from({ length: count }, () => ({
      id: randomUUID(),
      type: `${random.of(['opened', 'changed', 'closed'])}-${run}`,
      data: { number: ++this.written },
    }));
  }

  /** A tombstone's revision is too large to count on from. */
  private last(stream: string): number {
    return Math.min(this.ground.model.last(stream), 1_000_000);
  }
}
