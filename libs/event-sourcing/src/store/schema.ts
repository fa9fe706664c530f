import protobuf from 'protobufjs';

/** The part of event_store.client.streams that is of use here; what is left out is passed over. */
export const { root: schema } = protobuf.parse(`
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
  // An answer as far as where its event stands in $all.
  message PlacedResp {
    PlacedEvent event = 1;
  }
  message PlacedEvent {
    uint64 commit = 3;
  }

  message BatchAppendReq {
    Uuid correlation = 1;
    AppendOptions options = 2;
    repeated ProposedEvent events = 3;
    bool isFinal = 4;
  }
  message AppendOptions {
    StreamIdentifier stream = 1;
    oneof expected {
      uint64 revision = 2;
      Empty noStream = 3;
    }
    Timestamp deadline = 6;
  }
  // JSON is written as it is: a string and bytes are the same on the wire.
  message ProposedEvent {
    Uuid id = 1;
    map<string, string> properties = 2;
    string metadata = 3;
    string data = 4;
  }
  message BatchAppendResp {
    Uuid correlation = 1;
    Empty error = 2;
    Appended success = 3;
  }
  message Appended {
    uint64 revision = 1;
    AppendedAt position = 3;
  }
  message AppendedAt {
    uint64 commit = 1;
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
  }
  message Timestamp {
    int64 seconds = 1;
  }
  message Empty {}`);

/** 64 bits as protobufjs decodes them. */
export interface Long {
  readonly high: number;
  readonly low: number;
}

export interface Uuid {
  readonly halves: { readonly most: Long; readonly least: Long } | null;
  readonly text: string;
}

export function bigintOf({ high, low }: Long): bigint {
  const rest = BigInt(low >>> 0);
  return high === 0 ? rest : (BigInt(high >>> 0) << 32n) | rest;
}

/** A UUID's text, in whichever of its two forms a server sends it. */
export function uuidOf({ halves, text }: Uuid): string {
  if (!halves) return text;
  return [halves.most, halves.least]
    .map((half) => bigintOf(half).toString(16).padStart(16, '0'))
    .join('')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
