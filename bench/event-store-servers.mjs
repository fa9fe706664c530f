// The servers of embedded-store.mjs: the node, and a bare gRPC server that sends as many messages of about its size.
import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { startEventStoreNode } from '#embedded';

const node = await startEventStoreNode({ databaseUrl: workerData.databaseUrl });
const server = new Server();
const bytes = (value) => value;
const codec = {
  requestSerialize: bytes,
  requestDeserialize: bytes,
  responseSerialize: bytes,
  responseDeserialize: bytes,
};
server.addService(
  { read: { path: '/bare/Read', requestStream: false, responseStream: true, ...codec } },
  { read },
);
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, barePort) => {
  if (error) throw error;
  parentPort.postMessage({ connectionString: node.connectionString, barePort });
});
await once(parentPort, 'message');
server.forceShutdown();
await node.stop();
parentPort.close();

async function read(call) {
  const message = Buffer.alloc(640);
  for (let sent = 0; sent < workerData.messages; sent++) {
    if (!call.write(message)) await once(call, 'drain');
  }
  call.end();
}
