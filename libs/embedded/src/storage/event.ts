/** An event as a client proposes it. */
export interface ProposedEvent {
  /** UUID, lower case. */
  readonly id: string;
  readonly type: string;
  /** `application/json`; anything else is binary. */
  readonly json: boolean;
  readonly data: Buffer;
  /** The user's, JSON by convention; empty without. */
  readonly metadata: Buffer;
}

/** An event as it is stored. */
export interface StoredEvent extends ProposedEvent {
  /**
   * Byte offset of the event's end in the log that the table stands for: commit and prepare position. Strictly increasing,
   * not dense. A number holds 9 PB exactly.
   */
  readonly position: number;
  readonly stream: string;
  /** Number of the event in its stream, from 0; TOMBSTONE_REVISION on a tombstone. */
  readonly revision: number;
  /** Microseconds since 1970. */
  readonly created: number;
}

/** Revision of the event that ends a stream for good. 2^63 - 1 on the wire and in the table, 2^63 as a number. */
export const TOMBSTONE_REVISION = 2 ** 63;
export const TOMBSTONE_TYPE = '$streamDeleted';

/** Bytes an event takes in the log. */
export function recordSize(stream: string, { type, data, metadata }: ProposedEvent): number {
  return 64 + Buffer.byteLength(stream) + Buffer.byteLength(type) + data.length + metadata.length;
}

/** Bytes it takes beside its data while it is in memory, about. */
export const EVENT_OVERHEAD = 800;

/** Bytes an event takes in memory, about. */
export function weightOf({ data, metadata }: StoredEvent): number {
  return EVENT_OVERHEAD + data.length + metadata.length;
}
