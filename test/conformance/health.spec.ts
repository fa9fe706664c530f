import { once } from 'node:events';
import { connect } from 'node:http2';
import { connect as connectTcp } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openStore, type OpenStore } from './open-store.js';

let store: OpenStore;
let origin: string;
beforeAll(async () => {
  store = await openStore();
  origin = `http://${new URL(store.connectionString).host}`;
});
afterAll(() => store.close());

describe('/health/live', () => {
  it('answers a plain HTTP/1.1 client on the port of gRPC', async () => {
    expect((await fetch(`${origin}/health/live`)).status).toBe(204);
  });

  it('answers with the status that a probe names', async () => {
    expect((await fetch(`${origin}/health/live?liveCode=200`)).status).toBe(200);
  });

  it('answers over HTTP/2', async () => {
    const session = connect(origin);
    const request = session.request({ ':path': '/health/live' });
    const [headers] = (await once(request, 'response')) as [{ ':status': number }];
    expect(headers[':status']).toBe(204);
    session.close();
  });

  it('survives who asks over HTTP/2 and has given up before it is read', async () => {
    const { hostname, port } = new URL(origin);
    const socket = connectTcp(Number(port), hostname);
    const [settings, headers, reset] = [frame(4, 0, 0), frame(1, 5, 1, GET_HEALTH), frame(3, 0, 1, CANCEL)];
    socket.write(Buffer.concat([PREFACE, settings, headers, reset]));
    await once(socket, 'data');
    expect((await fetch(`${origin}/health/live`)).status).toBe(204);
    socket.destroy();
  });
});

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
/** Of HPACK's table: GET, http; then authority and path, spelled out. */
const GET_HEALTH = Buffer.concat([
  Buffer.from([0x82, 0x86, 0x01, 1, 0x78, 0x04, '/health/live'.length]),
  Buffer.from('/health/live'),
]);
const CANCEL = Buffer.from([0, 0, 0, 8]);

/** A frame of HTTP/2 for stream 0 (the connection) or 1. */
function frame(type: number, flags: number, stream: 0 | 1, payload = Buffer.alloc(0)): Buffer {
  return Buffer.concat([Buffer.from([0, 0, payload.length, type, flags, 0, 0, 0, stream]), payload]);
}
