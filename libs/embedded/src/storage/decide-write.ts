import { isSoftDeleted, type StreamMetadata } from './stream-metadata.js';

/** Expected revision: 0 and up, or one of the protocol's own numbers. */
export const EXPECTED = { NO_STREAM: -1, ANY: -2, STREAM_EXISTS: -4 } as const;

/** Where a stream stands. */
export interface StreamHead {
  /** Of the last event; -1 when there is none. */
  readonly revision: number;
  /** Of the last event of its metadata stream; -1 when there is none. */
  readonly metadataRevision: number;
  readonly metadata: StreamMetadata;
  readonly tombstoned: boolean;
}

/** An event known from before. */
export interface KnownEvent {
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: number;
}

export interface History {
  /** The event of the stream at a revision from expected + 1 on. */
  at(revision: number): KnownEvent | undefined;
  /** The event that was the first to be written under an id lately: best effort. */
  recent(id: string): KnownEvent | undefined;
}

export type Decision =
  | { readonly decision: 'write' }
  | { readonly decision: 'repeated'; readonly last: KnownEvent }
  | { readonly decision: 'wrongExpectedVersion' }
  | { readonly decision: 'streamDeleted' };

const WRITE: Decision = { decision: 'write' };
const WRONG: Decision = { decision: 'wrongExpectedVersion' };
const DELETED: Decision = { decision: 'streamDeleted' };

/**
 * EventStoreDB's table of expected revisions and repeated event ids: an append that was written before answers what it
 * answered then, as far as it can be told from one that merely looks alike. `ids` are those of the events to be written; a
 * deletion has one of its own.
 */
export function decideWrite(
  stream: string,
  expected: number,
  ids: readonly string[],
  head: StreamHead,
  history: History,
): Decision {
  if (head.tombstoned) return DELETED;
  const softDeleted = isSoftDeleted(head.metadata);
  if (expected === EXPECTED.STREAM_EXISTS) {
    if (softDeleted) return DELETED;
    if (head.revision < 0 && head.metadataRevision < 0) return WRONG;
  }
  if (expected === EXPECTED.ANY || expected === EXPECTED.STREAM_EXISTS) {
    return repeatedLately(stream, ids, history);
  }
  if (expected === head.revision) return WRITE;
  if (expected > head.revision) return WRONG;
  let last: KnownEvent | undefined;
  for (const [index, id] of ids.entries()) {
    const known = history.at(expected + 1 + index);
    if (known?.id !== id) {
      return index === 0 && softDeleted && expected === EXPECTED.NO_STREAM ? WRITE : WRONG;
    }
    last = known;
  }
  return last ? { decision: 'repeated', last } : WRONG;
}

function repeatedLately(stream: string, ids: readonly string[], history: History): Decision {
  let last: KnownEvent | undefined;
  for (const id of ids) {
    const known = history.recent(id);
    if (known?.stream !== stream) return last ? WRONG : WRITE;
    last = known;
  }
  return last ? { decision: 'repeated', last } : WRITE;
}
