import type { RawEvent } from './raw-event.js';
import { bigintOf, schema, uuidOf, type Long, type Uuid } from './schema.js';

/** One answer of a `Read` call: an event, or where a subscription has come; neither for what is of no use here. */
export interface ReadAnswer {
  readonly event?: RawEvent;
  /** Commit position up to which nothing else matches. */
  readonly checkpoint?: bigint;
}

const answerType = schema.lookupType('ReadResp');
/** An event as far as where it stands in `$all`. */
const placedType = schema.lookupType('PlacedResp');

interface Answered {
  readonly event: { readonly event: RecordedEvent | null } | null;
  readonly checkpoint: { readonly commit: Long } | null;
}

interface RecordedEvent {
  readonly id: Uuid;
  readonly stream: { readonly name: string };
  readonly revision: Long;
  readonly prepare: Long;
  readonly commit: Long;
  readonly properties: Readonly<Record<string, string>>;
  /** An empty array, and no bytes, where there are none. */
  readonly metadata: Buffer | readonly [];
  readonly data: Buffer | readonly [];
}

/** An answer from its bytes, of which an event keeps hold. */
export function decodeAnswer(bytes: Buffer): ReadAnswer {
  const { event, checkpoint } = answerType.decode(bytes) as unknown as Answered;
  if (event?.event) return { event: rawEvent(event.event) };
  return checkpoint ? { checkpoint: bigintOf(checkpoint.commit) } : {};
}

/**
 * Decodes answers from `$all`, of events only those at these commit positions: the others are passed over for a fraction of what
 * they would cost. Where the server does not say where an event stands, it is decoded.
 */
export function decodeAnswersAt(positions: ReadonlySet<bigint>): (bytes: Buffer) => ReadAnswer {
  return (bytes) => {
    const { event } = placedType.decode(bytes) as unknown as { event: { commit: Long } | null };
    const commit = event ? bigintOf(event.commit) : 0n;
    return commit === 0n || positions.has(commit) ? decodeAnswer(bytes) : {};
  };
}

function rawEvent({ id, stream, properties, data, metadata, ...numbers }: RecordedEvent): RawEvent {
  const commit = bigintOf(numbers.commit);
  return {
    stream: stream.name,
    revision: bigintOf(numbers.revision),
    id: uuidOf(id),
    type: properties['type'] ?? '',
    contentType: properties['content-type'] ?? 'application/octet-stream',
    data: bytesOf(data),
    metadata: bytesOf(metadata),
    created: properties['created'] ?? '0',
    position: { commit, prepare: bigintOf(numbers.prepare) },
  };
}

const NO_BYTES = new Uint8Array();

function bytesOf(field: Buffer | readonly []): Uint8Array {
  return field.length > 0 ? (field as Buffer) : NO_BYTES;
}
