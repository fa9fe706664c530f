/** An event as it goes over the wire: nothing of it is parsed, so nothing of it can change. */
export interface RawEvent {
  readonly stream: string;
  readonly revision: bigint;
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  /** The user's; empty without. */
  readonly metadata: Uint8Array;
  /** Ticks of 100 ns since 1970. */
  readonly created: bigint;
  readonly position: Position;
}

/** In $all. */
export interface Position {
  readonly commit: bigint;
  readonly prepare: bigint;
}

/** The largest append a server takes unless told otherwise, in bytes. */
export const LARGEST_APPEND = 1024 * 1024;

/** What an event counts towards the largest append. */
export function appendSize({ type, data, metadata }: RawEvent): number {
  return data.length + metadata.length + 2 * type.length;
}

export type Kind = 'event' | 'metadata' | 'tombstone' | 'system';

/** Of the event that deletes a stream for good. */
const TOMBSTONE_REVISION = 2n ** 63n - 1n;

/** What a copy does with an event goes by this. */
export function kindOf({ stream, revision }: RawEvent): Kind {
  if (!stream.startsWith('$')) return revision === TOMBSTONE_REVISION ? 'tombstone' : 'event';
  return stream.startsWith('$$') && !stream.startsWith('$$$') ? 'metadata' : 'system';
}
