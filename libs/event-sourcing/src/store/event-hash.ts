import { canonicalJson, sha256 } from '../canonical-hash.js';

/** What an event's hash covers: everything in it that was known when it was written. */
export interface HashedEvent {
  readonly stream: string;
  readonly revision: bigint;
  readonly id: string;
  readonly type: string;
  /** As it is stored, in the schema version it was written in. */
  readonly data: unknown;
  /** With `previousHash`, the hash of the event before it in the stream; `hash` itself is left out of the hash. */
  readonly metadata: object;
  /** As in StoredEvent. */
  readonly text?: { readonly data: string; readonly metadata: string };
}

/** An event's JSON as it is to be stored: keys in canonical order, the hash at the end of the metadata. */
export function sealed(event: HashedEvent): { data: string; metadata: string; hash: string } {
  const [data, metadata] = [canonicalJson(event.data)!, canonicalJson(event.metadata)!];
  const hash = hashOf(event, data, metadata);
  return {
    data,
    metadata: `${metadata.slice(0, -1)}${metadata === '{}' ? '"hash":"' : HASH}${hash}"}`,
    hash,
  };
}

/**
 * Whether a stored event is what was written. Undefined when it has no hash: it came from elsewhere, unprotected.
 */
export function isAuthentic(event: HashedEvent): boolean | undefined {
  const { hash, ...rest } = event.metadata as { hash?: unknown; originalCreated?: unknown };
  if (hash === undefined) return undefined;
  if (hash === hashOfText(event)) return true;
  // `coop event-store copy` adds it.
  const { originalCreated: _, ...metadata } = rest;
  // What was written has its keys in order; a store may have changed that, and no content.
  return [JSON.stringify, canonicalJson].some(
    (text) => hash === hashOf(event, text(event.data), text(metadata)),
  );
}

/** What `sealed` puts at the end of the metadata, and what a copy puts after it. */
const HASH = ',"hash":"';
const AFTER_HASH = /^[0-9a-f]{64}"(,"originalCreated":"[^"\\]*")?\}$/;

/** The hash by the letters that are stored, nothing parsed or written anew; undefined where they are not as `sealed` has them. */
function hashOfText(event: HashedEvent): string | undefined {
  const { data, metadata = '' } = event.text ?? {};
  const at = metadata.lastIndexOf(HASH);
  if (at < 0 || !AFTER_HASH.test(metadata.slice(at + HASH.length))) return undefined;
  return hashOf(event, data, `${metadata.slice(0, at)}}`);
}

/** SHA-256 of the canonical JSON of [stream, revision, id, type, data, metadata]; the texts are those of the last two. */
function hashOf(
  { stream, revision, id, type }: HashedEvent,
  data: string | undefined,
  metadata: string | undefined,
): string {
  const head = JSON.stringify([stream, String(revision), id, type]);
  return sha256(`${head.slice(0, -1)},${data},${metadata}]`);
}
