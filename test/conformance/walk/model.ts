import { ANY, BACKWARDS, END, NO_STREAM, START, STREAM_EXISTS } from '@eventstore/db-client';
import type { AppendExpectedRevision, Direction } from '@eventstore/db-client';
import {
  TOMBSTONE,
  type Followed,
  type From,
  type ModelEvent,
  type Proposed,
  type Refused,
  type Written,
} from './model-event.js';
import {
  DELETED,
  limitsOf,
  METADATA_TYPE,
  metastreamOf,
  originalOf,
  type Metadata,
} from './model-metadata.js';

interface Following {
  readonly matches: (event: ModelEvent) => boolean;
  /** Undefined: `$all`, which nothing ends. */
  readonly stream?: string;
}

/** Stands for an id that nobody used before. */
const NEW_ID = 'new';

/**
 * The event store in arrays, as the real server decides: a write by the expected revision and by the ids it knows, a read by
 * what the newest metadata event leaves of the stream. It shares nothing with the store that it is compared with.
 */
export class Model {
  readonly all: ModelEvent[] = [];
  private readonly streams = new Map<string, ModelEvent[]>();
  /** The first event that was written under an id. */
  private readonly known = new Map<string, ModelEvent>();
  private readonly following = new Map<Followed, Following>();

  append(stream: string, expected: AppendExpectedRevision, events: readonly Proposed[]): Written | Refused {
    const ids = events.map(({ id }) => id ?? NEW_ID);
    const answer = this.refusedOrRepeated(stream, expected, ids);
    if (answer) return answer;
    // Metadata of a deleted stream brings it back as an event does; the events of before stay hidden.
    const subject = originalOf(stream) ?? stream;
    const undeleteFrom = this.isDeleted(subject) ? this.last(subject) + 1 : undefined;
    const written = events.map((event) => this.commit(stream, event));
    const done = { revision: this.last(stream), positionOf: written.at(-1) ?? ('newest' as const) };
    if (undeleteFrom !== undefined) {
      this.writeMetadata(subject, { ...this.metadata(subject), $tb: undeleteFrom });
    }
    return done;
  }

  delete(stream: string, expected: AppendExpectedRevision): Written | Refused {
    const refused = this.refusedOrRepeated(stream, expected, [NEW_ID]);
    if (refused) return refused;
    if (this.last(stream) < 0 && this.last(metastreamOf(stream)) < 0) return this.wrongVersion(stream);
    return { revision: this.last(stream), positionOf: this.writeMetadata(stream, { $tb: DELETED }) };
  }

  tombstone(stream: string, expected: AppendExpectedRevision): Written | Refused {
    const refused = this.refusedOrRepeated(stream, expected, [NEW_ID]);
    if (refused) return refused;
    const event = this.commit(stream, { type: '$streamDeleted', data: undefined }, TOMBSTONE);
    return { revision: TOMBSTONE, positionOf: event };
  }

  read(stream: string, direction: Direction, from: From, count: number): ModelEvent[] | Refused {
    const readable = this.readable(stream);
    if ('refused' in readable) return readable;
    const bound = from === START ? 0 : from === END ? Infinity : from;
    if (direction !== BACKWARDS) return readable.filter(({ revision }) => revision >= bound).slice(0, count);
    return readable
      .filter(({ revision }) => revision <= bound)
      .reverse()
      .slice(0, count);
  }

  /** `from`: index of an event, which is included forwards and not backwards. */
  readAll(direction: Direction, from: From, count: number): ModelEvent[] {
    const bound = from === START ? 0 : from === END ? this.all.length : from;
    if (direction !== BACKWARDS) return this.all.slice(bound, bound + count);
    return this.all.slice(0, bound).reverse().slice(0, count);
  }

  /** `after`: revision, which is not included. */
  followStream(stream: string, after: From): Followed {
    const from = after === START ? -1 : after === END ? this.last(stream) : after;
    if (this.isTombstoned(stream)) return { events: [], refused: { refused: 'StreamDeleted', stream } };
    const readable = this.readable(stream);
    const isNew = ({ revision }: ModelEvent) => revision > from;
    const followed = { events: 'refused' in readable ? [] : readable.filter(isNew) };
    this.following.set(followed, { stream, matches: (event) => event.stream === stream && isNew(event) });
    return followed;
  }

  /** `after`: index of an event, which is not included. */
  followAll(after: From, matches: (event: ModelEvent) => boolean): Followed {
    const from = after === START ? -1 : after === END ? this.all.length - 1 : after;
    const followed = { events: this.all.slice(from + 1).filter(matches) };
    this.following.set(followed, { matches });
    return followed;
  }

  unfollow(followed: Followed): void {
    this.following.delete(followed);
  }

  /** Revision of the last event, also of a deleted stream; -1 without any. */
  last(stream: string): number {
    return this.streams.get(stream)?.at(-1)?.revision ?? -1;
  }

  isTombstoned(stream: string): boolean {
    return this.last(stream) === TOMBSTONE || this.last(originalOf(stream) ?? stream) === TOMBSTONE;
  }

  metadata(stream: string): Metadata {
    return (this.streams.get(metastreamOf(stream))?.at(-1)?.data ?? {}) as Metadata;
  }

  private isDeleted(stream: string): boolean {
    return limitsOf(this.metadata(stream)).truncateBefore === DELETED;
  }

  /** A stream whose events are all truncated is there, and has none. */
  private readable(stream: string): ModelEvent[] | Refused {
    if (this.isTombstoned(stream)) return { refused: 'StreamDeleted', stream };
    const isMetastream = originalOf(stream) !== undefined;
    const last = this.last(stream);
    if (last < 0 || (!isMetastream && this.isDeleted(stream))) return { refused: 'StreamNotFound', stream };
    const { truncateBefore, maxCount } = isMetastream
      ? { truncateBefore: 0, maxCount: 1 }
      : limitsOf(this.metadata(stream));
    const first = Math.max(truncateBefore, last - maxCount + 1);
    return this.streams.get(stream)!.filter(({ revision }) => revision >= first);
  }

  /** The table of expected revisions; undefined when the write is to be done. */
  private refusedOrRepeated(
    stream: string,
    expected: AppendExpectedRevision,
    ids: readonly string[],
  ): Written | Refused | undefined {
    if (this.isTombstoned(stream)) return { refused: 'StreamDeleted', stream };
    const last = this.last(stream);
    if (expected === STREAM_EXISTS) {
      if (this.isDeleted(stream)) return { refused: 'StreamDeleted', stream };
      if (last < 0 && this.last(metastreamOf(stream)) < 0) return this.wrongVersion(stream);
    }
    if (expected === ANY || expected === STREAM_EXISTS) {
      const found = ids
        .map((id) => this.known.get(id))
        .map((event) => (event?.stream === stream ? event : undefined));
      return found[0]
        ? found.every(Boolean)
          ? this.repeat(found.at(-1)!)
          : this.wrongVersion(stream)
        : undefined;
    }
    const revision = expected === NO_STREAM ? -1 : Number(expected);
    if (revision === last) return undefined;
    const there = this.streams.get(stream) ?? [];
    const same = ids.map((id, index) => there[revision + 1 + index]?.id === id);
    if (revision < last && ids.length > 0 && same.every(Boolean))
      return this.repeat(there[revision + ids.length]!);
    const isNewStart = expected === NO_STREAM && this.isDeleted(stream) && same[0] === false;
    return isNewStart ? undefined : this.wrongVersion(stream);
  }

  /** The original answer, but without the position once the event cannot be read. */
  private repeat(event: ModelEvent): Written {
    const readable = this.readable(event.stream);
    const isReadable = !('refused' in readable) && readable.includes(event);
    return { revision: event.revision, positionOf: isReadable ? event : undefined };
  }

  private wrongVersion(stream: string): Refused {
    return { refused: 'WrongExpectedVersion', stream, actual: this.last(stream) };
  }

  private writeMetadata(stream: string, data: Metadata): ModelEvent {
    return this.commit(metastreamOf(stream), { type: METADATA_TYPE, data });
  }

  private commit(stream: string, { id, type, data }: Proposed, revision = this.last(stream) + 1): ModelEvent {
    const event: ModelEvent = { stream, revision, type, data, id, index: this.all.length };
    this.all.push(event);
    if (!this.streams.has(stream)) this.streams.set(stream, []);
    this.streams.get(stream)!.push(event);
    if (id !== undefined && !this.known.has(id)) this.known.set(id, event);
    for (const [followed, following] of this.following) {
      if (following.matches(event)) followed.events.push(event);
      if (following.stream === stream && revision === TOMBSTONE) {
        followed.refused = { refused: 'StreamDeleted', stream };
        this.following.delete(followed);
      }
    }
    return event;
  }
}
