import { createServer as createHttpServer } from 'node:http';
import type { Http2Server } from 'node:http2';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { healthStatus } from './health.js';

export interface Listener {
  readonly port: number;
  /** Takes no more connections, drops those that do not speak HTTP/2; resolves when the last one has ended. */
  close(): Promise<void>;
  /** Drops all connections, without a word. */
  drop(): void;
}

/** What opens HTTP/2, as far as no method of HTTP/1.1 begins with it. */
const HTTP2 = 'PRI';
/** How long a connection may take to open HTTP/2, or to ask and be answered in HTTP/1.1, in milliseconds. */
const PATIENCE = 10_000;

/**
 * Listens on 127.0.0.1 for HTTP/2, which `http2` answers, and for HTTP/1.1, so that a plain `curl` or a container's health check
 * can ask whether the node lives. The first bytes tell them apart.
 */
export async function listen(http2: Http2Server, port: number, patience = PATIENCE): Promise<Listener> {
  const http1 = createHttpServer((request, response) => {
    response.writeHead(healthStatus(request.method, request.url) ?? 404, { connection: 'close' }).end();
  });
  const sockets = new Set<Socket>();
  const notHttp2 = new Set<Socket>();
  const server = createServer((socket) => {
    const drop = () => socket.destroy();
    const tooLate = setTimeout(drop, patience);
    const settle = () => {
      clearTimeout(tooLate);
      notHttp2.delete(socket);
    };
    sockets.add(socket);
    notHttp2.add(socket);
    socket.on('error', drop);
    socket.on('close', () => {
      settle();
      sockets.delete(socket);
    });
    let opening = Buffer.alloc(0);
    socket.on('readable', function tell() {
      const read = socket.read() as Buffer | null;
      if (read === null) return drop();
      opening = Buffer.concat([opening, read]);
      const first = opening.toString('latin1', 0, HTTP2.length);
      if (first !== HTTP2 && HTTP2.startsWith(first)) return;
      socket.off('readable', tell);
      socket.unshift(opening);
      if (first === HTTP2) settle();
      (first === HTTP2 ? http2 : http1).emit('connection', socket);
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
      for (const socket of notHttp2) socket.destroy();
      return closed;
    },
    drop() {
      for (const socket of sockets) socket.destroy();
    },
  };
}
