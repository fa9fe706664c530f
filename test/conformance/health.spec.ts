import { once } from 'node:events';
import { connect } from 'node:http2';
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

  it('answers over HTTP/2', async () => {
    const session = connect(origin);
    const request = session.request({ ':path': '/health/live' });
    const [headers] = (await once(request, 'response')) as [{ ':status': number }];
    expect(headers[':status']).toBe(204);
    session.close();
  });
});
