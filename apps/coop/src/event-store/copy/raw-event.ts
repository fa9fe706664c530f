import type { RawEvent } from '#event-sourcing';

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
