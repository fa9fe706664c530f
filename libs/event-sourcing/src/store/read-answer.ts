import protobuf from 'protobufjs';
import type { RawEvent } from './raw-event.js';

/** One answer of a `Read` call: an event, or where a subscription has come; neither for what is of no use here. */
export interface ReadAnswer {
  readonly event?: RawEvent;
  /** Commit position up to which nothing else matches. */
  readonly checkpoint?: bigint;
}

// The part of event_store.client.streams that is of use here; what is left out is passed over.
const { root } = protobuf.parse(`
  syntax = "proto3";
  message ReadResp {
    ReadEvent event = 1;
    Checkpoint checkpoint = 3;
  }
  message Checkpoint {
    uint64 commit = 1;
  }
  message ReadEvent {
    RecordedEvent event = 1;
  }
  message RecordedEvent {
    Uuid id = 1;
    StreamIdentifier stream = 2;
    uint64 revision = 3;
    uint64 prepare = 4;
    uint64 commit = 5;
    map<string, string> properties = 6;
    bytes metadata = 7;
    bytes data = 8;
  }
  message PlacedResp {
    PlacedEvent event = 1;
  }
  message PlacedEvent {
    uint64 commit = 3;
  }
  message Uuid {
    Halves halves = 1;
    string text = 2;
  }
  message Halves {
    int64 most = 1;
    int64 least = 2;
  }
  message StreamIdentifier {
    string name = 3;
  }`);
const answerType = root.lookupType('ReadResp');
/** An event as far as where it stands in `$all`. */
const placedType = root.lookupType('PlacedResp');

interface Long {
  readonly high: number;
  readonly low: number;
}

interface Answered {
  readonly event: { readonly event: RecordedEvent | null } | null;
  readonly checkpoint: { readonly commit: Long } | null;
}

interface RecordedEvent {
  readonly id: { readonly halves: { most: Long; least: Long } | null; readonly text: string };
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
    id: id.halves ? uuidOf(id.halves) : id.text,
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

function bigintOf({ high, low }: Long): bigint {
  const rest = BigInt(low >>> 0);
  return high === 0 ? rest : (BigInt(high >>> 0) << 32n) | rest;
}

function uuidOf({ most, least }: { most: Long; least: Long }): string {
  return [most, least]
    .map((half) => bigintOf(half).toString(16).padStart(16, '0'))
    .join('')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
