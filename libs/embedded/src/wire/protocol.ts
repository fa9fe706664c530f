import { createRequire } from 'node:module';
import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import status from '@eventstore/db-client/generated/status_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';

/** The message classes of the protocol, as the stock client brings them. */
export { features, gossip, shared, status, streams };

interface Any {
  pack(message: Uint8Array, typeName: string): void;
}

// The client's own copy of google-protobuf: its message classes accept no other.
const require = createRequire(createRequire(import.meta.url).resolve('@eventstore/db-client'));
const { Any } = require('google-protobuf/google/protobuf/any_pb.js') as { Any: new () => Any };
const { Empty } = require('google-protobuf/google/protobuf/empty_pb.js') as { Empty: new () => never };

/** google.protobuf.Any of a message of the package `event_store.client`. */
export function any(name: string, message: { serializeBinary(): Uint8Array }): never {
  const packed = new Any();
  packed.pack(message.serializeBinary(), `event_store.client.${name}`);
  return packed as never;
}

/** google.protobuf.Empty, which newer messages use in place of the protocol's own. */
export function googleEmpty(): never {
  return new Empty();
}
