// The least a gRPC server can do for the same answer: `node bare-node.mjs CONNECTION_STRING`. It takes the encoded answers of
// the node once, keeps them in memory, and serves them with @grpc/grpc-js: no storage, no encoding. Prints its connection string.
import { Buffer } from 'node:buffer';
import console from 'node:console';
import { once } from 'node:events';
import process from 'node:process';
import { URL } from 'node:url';
import { Client, credentials, Server, ServerCredentials } from '@grpc/grpc-js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';

const PATH = '/event_store.client.streams.Streams/Read';
const { Options } = streams.ReadReq;
const bytes = (value) => value;
const answers = await readAll(new URL(process.argv[2]).host);

const server = new Server();
server.addService(
  {
    read: {
      path: PATH,
      requestStream: false,
      responseStream: true,
      requestSerialize: bytes,
      requestDeserialize: bytes,
      responseSerialize: bytes,
      responseDeserialize: bytes,
    },
  },
  { read },
);
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  console.log(`esdb://127.0.0.1:${port}?tls=false`);
});
process.once('SIGTERM', () => server.forceShutdown());

async function read(call) {
  for (const answer of answers) if (!call.write(answer)) await once(call, 'drain');
  call.end();
}

async function readAll(address) {
  const empty = () => new shared.Empty();
  const options = new Options()
    .setAll(new Options.AllOptions().setStart(empty()))
    .setCount(String(Number.MAX_SAFE_INTEGER))
    .setNoFilter(empty())
    .setUuidOption(new Options.UUIDOption().setString(empty()));
  const request = Buffer.from(new streams.ReadReq().setOptions(options).serializeBinary());
  const client = new Client(address, credentials.createInsecure());
  const call = client.makeServerStreamRequest(PATH, bytes, bytes, request);
  const messages = [];
  for await (const message of call) messages.push(message);
  client.close();
  return messages;
}
