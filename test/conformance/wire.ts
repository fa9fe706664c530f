import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import {
  Client,
  credentials,
  type ClientDuplexStream,
  type Metadata,
  type ServiceError,
} from '@grpc/grpc-js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';

export { shared, streams };

// The client's own copy of google-protobuf: its message classes accept no other.
const require = createRequire(createRequire(import.meta.url).resolve('@eventstore/db-client'));
const { Empty } = require('google-protobuf/google/protobuf/empty_pb.js') as { Empty: new () => never };
const { Timestamp } = require('google-protobuf/google/protobuf/timestamp_pb.js') as {
  Timestamp: { fromDate(date: Date): never };
};

interface Request {
  serializeBinary(): Uint8Array;
}

export interface Answer {
  readonly messages: readonly Buffer[];
  /** Undefined when the call ended with OK. */
  readonly error?: ServiceError;
}

const STREAMS = '/event_store.client.streams.Streams/';

/** Calls as bytes, so that requests no client would make can be made and answers seen that no client shows. */
export class Wire {
  private readonly client: Client;

  constructor(connectionString: string) {
    this.client = new Client(new URL(connectionString).host, credentials.createInsecure());
  }

  /** Sends all requests, then gathers what is answered; `method` is one of Streams' or a path. */
  async call(method: string, ...requests: Request[]): Promise<Answer> {
    const stream = this.open(method);
    for (const request of requests) stream.write(Buffer.from(request.serializeBinary()));
    stream.end();
    const messages: Buffer[] = [];
    const error = await new Promise<ServiceError | undefined>((resolve) => {
      stream.on('data', (message: Buffer) => messages.push(message));
      stream.on('error', (thrown) => resolve(thrown as ServiceError));
      stream.on('end', () => resolve(undefined));
    });
    return { messages, error };
  }

  /** A call that is left open. */
  open(method: string): ClientDuplexStream<Buffer, Buffer> {
    const path = method.startsWith('/') ? method : STREAMS + method;
    const bytes = (value: Buffer) => value;
    return this.client.makeBidiStreamRequest(path, bytes, bytes);
  }

  /** A Read; `change` makes it other than `$all` forwards from the start, ids as text. */
  async read(
    change: (options: streams.ReadReq.Options) => void,
  ): Promise<Answer & { found: streams.ReadResp[] }> {
    const answer = await this.call('Read', readRequest(change));
    return { ...answer, found: answer.messages.map((bytes) => streams.ReadResp.deserializeBinary(bytes)) };
  }

  close(): void {
    this.client.close();
  }
}

export function readRequest(change: (options: streams.ReadReq.Options) => void): streams.ReadReq {
  const options = new streams.ReadReq.Options()
    .setAll(new streams.ReadReq.Options.AllOptions().setStart(empty()))
    .setCount('10')
    .setNoFilter(empty())
    .setUuidOption(new streams.ReadReq.Options.UUIDOption().setString(empty()));
  change(options);
  return new streams.ReadReq().setOptions(options);
}

export function trailersOf(error: ServiceError | undefined): Record<string, unknown> {
  return (error?.metadata as Metadata | undefined)?.getMap() ?? {};
}

export function empty(): shared.Empty {
  return new shared.Empty();
}

export function googleEmpty(): never {
  return new Empty();
}

export function timestamp(date: Date): never {
  return Timestamp.fromDate(date);
}

export function identifier(stream: string): shared.StreamIdentifier {
  return new shared.StreamIdentifier().setStreamName(Buffer.from(stream));
}

export function newId(): shared.UUID {
  return new shared.UUID().setString(randomUUID());
}

/** An event as a message of Append or BatchAppend. */
export function proposed<
  Message extends streams.AppendReq.ProposedMessage | streams.BatchAppendReq.ProposedMessage,
>(
  Type: new () => Message,
  {
    id = newId(),
    data = '{}',
    type = 'happened' as string | undefined,
    contentType = 'application/json' as string | undefined,
  } = {},
): Message {
  const message = new Type();
  message.setId(id);
  message.setData(Buffer.from(data));
  if (type !== undefined) message.getMetadataMap().set('type', type);
  if (contentType !== undefined) message.getMetadataMap().set('content-type', contentType);
  return message;
}
