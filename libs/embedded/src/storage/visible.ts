import type { StreamHead } from './decide-write.js';
import type { StoredEvent } from './event.js';
import { isSoftDeleted, originalOf } from './stream-metadata.js';

/** What readers of a stream may see of it. */
export interface Visible {
  readonly state: 'exists' | 'missing' | 'tombstoned';
  /** Revisions, both inclusive. */
  readonly first: number;
  readonly last: number;
  /** False for what has grown too old. */
  includes(event: StoredEvent): boolean;
}

/** `head`: of the stream itself, as its writers see it; `now`: for `$maxAge`. */
export function visibleIn(stream: string, head: StreamHead, now: Date): Visible {
  const { metadata, revision, tombstoned } = head;
  const missing = revision < 0 || isSoftDeleted(metadata);
  // Of a metadata stream only the newest event counts.
  const maxCount = originalOf(stream) === undefined ? metadata.maxCount : 1;
  const first = Math.max(
    metadata.truncateBefore ?? 0,
    maxCount === undefined ? 0 : revision - maxCount + 1,
    0,
  );
  const oldest =
    metadata.maxAge === undefined ? -Infinity : (now.getTime() - metadata.maxAge * 1_000) * 1_000;
  return {
    state: tombstoned ? 'tombstoned' : missing ? 'missing' : 'exists',
    first,
    last: revision,
    includes: ({ created }) => created >= oldest,
  };
}
