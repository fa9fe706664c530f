import { createServer as createHttpServer } from 'node:http';
import type { Http2Server } from 'node:http2';
import { createServer, type AddressInfo, type Socket } from 'node:net';

export interface Listener {
  readonly port: number;
  /** Takes no more connections; resolves when the last one has ended. */
  close(): Promise<void>;
}

export const HEALTH_PATH = '/health/live';

/** A connection that says nothing for so long is dropped, in milliseconds. */
const SILENCE = 10_000;

/**
 * Listens on 127.0.0.1 for HTTP/2, which `http2` answers, and for HTTP/1.1, so that a plain `curl` or a container's health check
 * can ask whether the node lives. The first byte tells them apart: HTTP/2 opens with "PRI", and of HTTP/1.1 only methods that
 * change something begin with a P; there are none here.
 */
export async function listen(http2: Http2Server, port: number): Promise<Listener> {
  const http1 = createHttpServer((request, response) => {
    const lives = request.url === HEALTH_PATH && (request.method === 'GET' || request.method === 'HEAD');
    response.writeHead(lives ? 204 : 404, { connection: 'close' }).end();
  });
  const silent = new Set<Socket>();
  const server = createServer((socket) => {
    const drop = () => socket.destroy();
    silent.add(socket);
    socket.on('error', drop);
    socket.on('close', () => silent.delete(socket));
    socket.setTimeout(SILENCE, drop);
    socket.once('readable', () => {
      const opening = socket.read() as Buffer | null;
      if (opening === null) return drop();
      silent.delete(socket);
      socket.setTimeout(0);
      socket.off('timeout', drop);
      socket.unshift(opening);
      (opening.toString('latin1', 0, 1) === 'P' ? http2 : http1).emit('connection', socket);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of silent) socket.destroy();
      return closed;
    },
  };
}
