import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

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
}

/** An event's data and metadata as they are to be stored: keys in canonical order, the hash in the metadata. */
export function sealed<Event extends HashedEvent>(
  event: Event,
): { data: object; metadata: { hash: string } } {
  const data = inOrder(event.data);
  const metadata = inOrder(event.metadata);
  return { data, metadata: { ...metadata, hash: sha256(preimage(event, data, metadata)) } };
}

/**
 * Whether a stored event is what was written. Undefined when it has no hash: it came from elsewhere, unprotected.
 */
export function isAuthentic(event: HashedEvent): boolean | undefined {
  const { hash, ...rest } = event.metadata as { hash?: unknown; originalCreated?: unknown };
  if (hash === undefined) return undefined;
  // `coop event-store copy` adds it.
  const { originalCreated: _, ...metadata } = rest;
  // What was written has its keys in order; a store may have changed that, which changes nothing in the content.
  return (
    hash === sha256(preimage(event, event.data, metadata)) ||
    hash === sha256(preimage(event, inOrder(event.data), inOrder(metadata)))
  );
}

function preimage({ stream, revision, id, type }: HashedEvent, data: unknown, metadata: object): string {
  return JSON.stringify([stream, String(revision), id, type, data, metadata]);
}

/** The same JSON value with the keys of RFC 8785's canonical form, in its order. */
function inOrder(value: unknown): object {
  return JSON.parse(canonicalize(value)!) as object;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
