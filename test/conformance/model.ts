import { ANY, NO_STREAM, STREAM_EXISTS, type AppendExpectedRevision } from '@eventstore/db-client';

export interface ModelEvent {
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
}

export interface ModelMetadata {
  readonly maxCount?: number;
  readonly truncateBefore?: number;
}

/** What a call comes to: the last revision, or the name of the client's error. */
export type Outcome = number | 'wrong expected version' | 'stream deleted';

interface ModelStream {
  readonly events: ModelEvent[];
  /** Undefined until some were written. */
  metadata?: ModelMetadata;
  tombstoned: boolean;
}

/** Stands for the id of the event that ends a stream for good. */
export const TOMBSTONE = 'tombstone';

/** `$tb` of a deleted stream. */
export const DELETED = 2 ** 63;

/** The event store as its documentation tells it, in arrays. */
export class Model {
  /** `$all` of the streams' own names, so without metadata. */
  readonly all: ModelEvent[] = [];
  private readonly streams = new Map<string, ModelStream>();

  append(stream: string, expected: AppendExpectedRevision, ids: readonly string[]): Outcome {
    const state = this.of(stream);
    const { events, metadata } = state;
    if (state.tombstoned) return 'stream deleted';
    const deleted = metadata?.truncateBefore === DELETED;
    const last = events.length - 1;
    if (expected === STREAM_EXISTS) {
      if (deleted) return 'stream deleted';
      if (last < 0 && !metadata) return 'wrong expected version';
    } else if (expected !== ANY) {
      const revision = expected === NO_STREAM ? -1 : Number(expected);
      if (revision > last) return 'wrong expected version';
      if (revision < last) {
        const known = ids.map((id, index) => events[revision + 1 + index]?.id === id);
        if (known.every(Boolean)) return revision + ids.length;
        if (known[0] || !deleted || expected !== NO_STREAM) return 'wrong expected version';
      }
    }
    for (const id of ids) {
      const event = { stream, revision: events.length, id };
      events.push(event);
      this.all.push(event);
    }
    if (deleted) state.metadata = { ...metadata, truncateBefore: last + 1 };
    return events.length - 1;
  }

  delete(stream: string, expected: AppendExpectedRevision): Outcome {
    const state = this.of(stream);
    const refused = this.refused(state, expected);
    if (refused !== undefined) return refused;
    if (expected === ANY && state.events.length === 0) return 'wrong expected version';
    state.metadata = { ...state.metadata, truncateBefore: DELETED };
    return 0;
  }

  tombstone(stream: string, expected: AppendExpectedRevision): Outcome {
    const state = this.of(stream);
    const refused = this.refused(state, expected);
    if (refused !== undefined) return refused;
    state.tombstoned = true;
    this.all.push({ stream, revision: 2 ** 63, id: TOMBSTONE });
    return 0;
  }

  setMetadata(stream: string, metadata: ModelMetadata): Outcome {
    const state = this.of(stream);
    if (state.tombstoned) return 'stream deleted';
    state.metadata = metadata;
    return 0;
  }

  metadata(stream: string): ModelMetadata {
    return this.of(stream).metadata ?? {};
  }

  /** Of the last event; -1 without. */
  revision(stream: string): number {
    return this.of(stream).events.length - 1;
  }

  /** What readers see of a stream, in order. */
  visible(stream: string): readonly ModelEvent[] | 'stream deleted' | 'stream not found' {
    const { events, metadata = {}, tombstoned } = this.of(stream);
    if (tombstoned) return 'stream deleted';
    if (events.length === 0 || metadata.truncateBefore === DELETED) return 'stream not found';
    const first = Math.max(
      metadata.truncateBefore ?? 0,
      metadata.maxCount === undefined ? 0 : events.length - metadata.maxCount,
    );
    return events.slice(first);
  }

  private refused(state: ModelStream, expected: AppendExpectedRevision): Outcome | undefined {
    if (state.tombstoned) return 'stream deleted';
    if (expected === ANY) return undefined;
    if (expected === STREAM_EXISTS) {
      if (state.metadata?.truncateBefore === DELETED) return 'stream deleted';
      return state.events.length === 0 && !state.metadata ? 'wrong expected version' : undefined;
    }
    const revision = expected === NO_STREAM ? -1 : Number(expected);
    return revision === state.events.length - 1 ? undefined : 'wrong expected version';
  }

  private of(stream: string): ModelStream {
    let state = this.streams.get(stream);
    if (!state) this.streams.set(stream, (state = { events: [], tombstoned: false }));
    return state;
  }
}
