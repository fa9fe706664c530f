import { decideWrite, EXPECTED, type KnownEvent, type StreamHead } from './decide-write.js';
import {
  recordSize,
  TOMBSTONE_REVISION,
  TOMBSTONE_TYPE,
  type ProposedEvent,
  type StoredEvent,
} from './event.js';
import {
  isSoftDeleted,
  METADATA_TYPE,
  metastreamOf,
  originalOf,
  parseMetadata,
  withTruncateBefore,
} from './stream-metadata.js';

export interface WriteRequest {
  readonly action: 'append' | 'delete' | 'tombstone';
  readonly stream: string;
  /** A revision, or one of EXPECTED. */
  readonly expected: number;
  /** None for `delete` and `tombstone`. */
  readonly events: readonly ProposedEvent[];
}

/** `revision` and `position` are the last event's; an append of no events has no position. */
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
    const { decision, ...rest } = decideWrite(stream, expected, events, head, {
      at: (revision) => this.byRevision.get(`${revision} ${stream}`),
      recent: (id) => this.byId.get(id) ?? this.recent(id),
    });
    if (decision === 'streamDeleted') return { result: decision };
    if (decision === 'repeated') return { result: 'written', ...(rest as { last: KnownEvent }).last };
    const deletesNothing = action === 'delete' && expected === EXPECTED.ANY && head.revision < 0;
    if (decision === 'wrongExpectedVersion' || deletesNothing) {
      return { result: 'wrongExpectedVersion', current: head.revision };
    }
    if (action === 'tombstone') return this.tombstone(stream);
    if (action === 'delete') return this.setTruncateBefore(stream, head);
    const written = this.write(stream, head.revision, events);
    if (events.length > 0 && isSoftDeleted(head.metadata)) {
      this.setTruncateBefore(stream, head, head.revision + 1);
    }
    return written;
  }

  private tombstone(stream: string): WriteResult {
    const event = {
      id: this.stamp.newId(),
      type: TOMBSTONE_TYPE,
      json: true,
      data: EMPTY_JSON,
      metadata: NOTHING,
    };
    return this.write(stream, TOMBSTONE_REVISION, [event], TOMBSTONE_REVISION);
  }

  private setTruncateBefore(stream: string, head: StreamHead, revision?: number): WriteResult {
    const data = withTruncateBefore(head.metadata, revision);
    const event = { id: this.stamp.newId(), type: METADATA_TYPE, json: true, data, metadata: NOTHING };
    return this.write(metastreamOf(stream), head.metadataRevision, [event]);
  }

  private write(
    stream: string,
    current: number,
    events: readonly ProposedEvent[],
    first = current + 1,
  ): WriteResult {
    if (events.length === 0) return { result: 'written', revision: current };
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
      this.byId.set(row.id, row);
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
const EMPTY_JSON = Buffer.from('{}');

/** The head of `stream` as its writers see it; a metadata stream shares the entry, and the end, of its original. */
export function headOf(heads: ReadonlyMap<string, StreamHead>, stream: string): StreamHead {
  const original = originalOf(stream);
  if (original === undefined) return heads.get(stream)!;
  const { metadataRevision, tombstoned } = heads.get(original)!;
  return { revision: metadataRevision, metadataRevision: -1, metadata: { raw: {} }, tombstoned };
}
