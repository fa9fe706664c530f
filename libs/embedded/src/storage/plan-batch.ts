import { decideWrite, type KnownEvent, type StreamHead } from './decide-write.js';
import {
  recordSize,
  TOMBSTONE_REVISION,
  TOMBSTONE_TYPE,
  type ProposedEvent,
  type StoredEvent,
} from './event.js';
import {
  DELETION,
  isSoftDeleted,
  METADATA_TYPE,
  metastreamOf,
  originalOf,
  parseMetadata,
  withTruncateBefore,
} from './stream-metadata.js';
import { visibleIn } from './visible.js';

export interface WriteRequest {
  readonly action: 'append' | 'delete' | 'tombstone';
  readonly stream: string;
  /** A revision, or one of EXPECTED. */
  readonly expected: number;
  /** None for `delete` and `tombstone`. */
  readonly events: readonly ProposedEvent[];
}

/**
 * `revision` and `position` are the last event's. A repeat of what can no longer be read has no position; an append of no
 * events has that of the newest event stored.
 */
export type WriteResult =
  | { readonly result: 'written'; readonly revision: number; readonly position?: number }
  | { readonly result: 'wrongExpectedVersion'; readonly current: number }
  | { readonly result: 'streamDeleted' };

export interface Stamp {
  /** Position of the newest event stored. */
  readonly position: number;
  /** Microseconds since 1970. */
  readonly created: number;
  readonly newId: () => string;
}

/**
 * Decides many writes one after the other, each upon what those before it will have written, so that all can be stored
 * at once. One that is refused leaves the others alone.
 */
export class BatchPlan {
  readonly rows: StoredEvent[] = [];
  readonly results: WriteResult[] = [];
  private readonly byRevision = new Map<string, KnownEvent>();
  private readonly byId = new Map<string, KnownEvent>();
  private position: number;

  /** `heads` of all streams of the batch, by the name of the stream a metadata stream belongs to; changed in place. */
  constructor(
    readonly heads: Map<string, StreamHead>,
    known: readonly KnownEvent[],
    private readonly recent: (id: string) => KnownEvent | undefined,
    private readonly stamp: Stamp,
  ) {
    this.position = stamp.position;
    for (const event of known) this.byRevision.set(`${event.revision} ${event.stream}`, event);
  }

  add(request: WriteRequest): void {
    this.results.push(this.decide(request));
  }

  private decide({ action, stream, expected, events }: WriteRequest): WriteResult {
    const head = headOf(this.heads, stream);
    const ids = action === 'append' ? events.map(({ id }) => id) : [this.stamp.newId()];
    const decided = decideWrite(stream, expected, ids, head, {
      at: (revision) => this.byRevision.get(`${revision} ${stream}`),
      recent: (id) => this.recent(id) ?? this.byId.get(id),
    });
    if (decided.decision === 'streamDeleted') return { result: 'streamDeleted' };
    if (decided.decision === 'repeated') return this.repeated(stream, head, decided.last);
    const deletesNothing = action === 'delete' && head.revision < 0 && head.metadataRevision < 0;
    if (decided.decision === 'wrongExpectedVersion' || deletesNothing) {
      return { result: 'wrongExpectedVersion', current: head.revision };
    }
    if (action === 'tombstone') return this.tombstone(stream);
    if (action === 'delete') return this.setMetadata(stream, head, DELETION);
    const original = originalOf(stream) ?? stream;
    const before = this.heads.get(original)!;
    const written = this.write(stream, head.revision, events);
    if (isSoftDeleted(before.metadata)) this.undelete(original, before.revision + 1);
    return written;
  }

  private repeated(stream: string, head: StreamHead, { revision, position }: KnownEvent): WriteResult {
    const { state, first } = visibleIn(stream, head, new Date(this.stamp.created / 1_000));
    const readable = state === 'exists' && revision >= first;
    return { result: 'written', revision, position: readable ? position : undefined };
  }

  private tombstone(stream: string): WriteResult {
    const event = {
      id: this.stamp.newId(),
      type: TOMBSTONE_TYPE,
      json: false,
      data: NOTHING,
      metadata: NOTHING,
    };
    return this.write(stream, TOMBSTONE_REVISION, [event], TOMBSTONE_REVISION);
  }

  /** Any write to a deleted stream or to its metadata brings it back, from `revision` on. */
  private undelete(stream: string, revision: number): void {
    const head = this.heads.get(stream)!;
    this.setMetadata(stream, head, withTruncateBefore(head.metadata, revision));
  }

  private setMetadata(stream: string, head: StreamHead, data: Buffer): WriteResult {
    const event = { id: this.stamp.newId(), type: METADATA_TYPE, json: true, data, metadata: NOTHING };
    return this.write(metastreamOf(stream), head.metadataRevision, [event]);
  }

  private write(
    stream: string,
    current: number,
    events: readonly ProposedEvent[],
    first = current + 1,
  ): WriteResult {
    if (events.length === 0) return { result: 'written', revision: current, position: this.position };
    for (const [index, event] of events.entries()) {
      this.position += recordSize(stream, event);
      const row = {
        ...event,
        stream,
        position: this.position,
        revision: first + index,
        created: this.stamp.created,
      };
      this.rows.push(row);
      this.byRevision.set(`${row.revision} ${stream}`, row);
      if (!this.byId.has(row.id)) this.byId.set(row.id, row);
    }
    const last = this.rows.at(-1)!;
    this.moveHead(last);
    return { result: 'written', revision: last.revision, position: last.position };
  }

  private moveHead({ stream, revision, data }: StoredEvent): void {
    const original = originalOf(stream);
    const head = this.heads.get(original ?? stream)!;
    this.heads.set(
      original ?? stream,
      original === undefined
        ? { ...head, revision, tombstoned: revision === TOMBSTONE_REVISION }
        : { ...head, metadataRevision: revision, metadata: parseMetadata(data) },
    );
  }
}

const NOTHING = Buffer.alloc(0);

/** The head of `stream` as its writers see it; a metadata stream shares the entry, and the end, of its original. */
export function headOf(heads: ReadonlyMap<string, StreamHead>, stream: string): StreamHead {
  const original = originalOf(stream);
  if (original === undefined) return heads.get(stream)!;
  const { metadataRevision, tombstoned } = heads.get(original)!;
  return { revision: metadataRevision, metadataRevision: -1, metadata: { raw: {} }, tombstoned };
}
