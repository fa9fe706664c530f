import { setMaxListeners } from 'node:events';
import {
  createServer,
  constants,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import { GrpcError, Status } from './grpc-error.js';
import { FrameReader } from './frames.js';
import { healthStatus } from './health.js';
import { listen, type Listener } from './listener.js';
import { clientGone, Outlet } from './outlet.js';

/** One call of a client, as the methods see it. */
export interface Call {
  readonly headers: IncomingHttpHeaders;
  /** Milliseconds since 1970 after which the client no longer waits; Infinity without. */
  readonly deadline: number;
  /** Aborted when the client has gone or the node stops; the reason is the GrpcError to end with. */
  readonly signal: AbortSignal;
  /** Request messages as they come, still encoded. */
  messages(): AsyncIterable<Buffer>;
  /**
   * Sends framed messages (any number in one buffer), though the node stops; resolves when there is room for more.
   * @throws GrpcError CANCELLED when the client has gone
   */
  write(frames: Buffer): Promise<void>;
}

/** Resolving ends the call with OK, a GrpcError with its status. */
export type Method = (call: Call) => Promise<void>;

export interface GrpcServer {
  readonly port: number;
  stop(): Promise<void>;
}

const KEEPALIVE = 10_000;
/** How long calls may take to end by themselves when the server stops: as long as a write may take. */
const GRACE = 2_000;
/** How long clients may then take to fetch their last answers. */
const FAREWELL = 200;
/** Bytes a client may send ahead on one call, and on all calls of its connection. */
const STREAM_WINDOW = 1 << 20;
const CONNECTION_WINDOW = 16 << 20;
/** Megabytes a connection may hold; node refuses new calls beyond, and its default, 10, is a few large appends. */
const SESSION_MEMORY = 256;
const { HTTP2_HEADER_STATUS, HTTP2_HEADER_CONTENT_TYPE, NGHTTP2_NO_ERROR } = constants;

/**
 * gRPC over cleartext HTTP/2 on 127.0.0.1. Hand-made because `@grpc/grpc-js` writes one message at a time, which caps a
 * catch-up near 95,000 events/s of one whole core; here many messages leave in one write.
 */
export async function startGrpcServer(
  methods: ReadonlyMap<string, Method>,
  port: number,
): Promise<GrpcServer> {
  const server = createServer({
    settings: { maxConcurrentStreams: 10_000, initialWindowSize: STREAM_WINDOW },
    maxSessionMemory: SESSION_MEMORY,
  });
  const sessions = new Set<ServerHttp2Session>();
  const stopping = new AbortController();
  // One listener for each open call.
  setMaxListeners(0, stopping.signal);
  const calls = new Set<Promise<void>>();

  server.on('session', (session) => {
    sessions.add(session);
    session.setLocalWindowSize(CONNECTION_WINDOW);
    const keepalive = keepAlive(session);
    session.on('error', () => undefined);
    session.on('close', () => {
      clearInterval(keepalive);
      sessions.delete(session);
    });
  });
  server.on('stream', (stream, headers) => {
    const call = serve(stream, headers, methods, stopping.signal);
    calls.add(call);
    void call.finally(() => calls.delete(call));
  });
  const listener = await listen(server, port);
  return { port: listener.port, stop: () => stop(listener, sessions, stopping, calls) };
}

async function stop(
  listener: Listener,
  sessions: Set<ServerHttp2Session>,
  stopping: AbortController,
  calls: Set<Promise<void>>,
): Promise<void> {
  const closed = listener.close();
  // Not by the sessions: they would end their calls with RST_STREAM and no error, and clients take that for a fault of the server.
  const dropAfter = (delay: number) => setTimeout(() => listener.drop(), delay);
  stopping.abort(new GrpcError(Status.UNAVAILABLE, 'the node is stopping'));
  const grace = dropAfter(GRACE);
  await Promise.allSettled(calls);
  clearTimeout(grace);
  // A subscriber that reads nothing just now would keep its connection open for ever.
  const farewell = dropAfter(FAREWELL);
  for (const session of sessions) session.close();
  await closed;
  clearTimeout(farewell);
}

/** A peer that vanished without a word is noticed by an unanswered ping. */
function keepAlive(session: ServerHttp2Session): NodeJS.Timeout {
  let unanswered = false;
  return setInterval(() => {
    // Between its end and the word of it a ping would throw.
    if (session.destroyed || session.closed) return;
    if (unanswered) return session.destroy();
    unanswered = true;
    session.ping((error) => {
      if (!error) unanswered = false;
    });
  }, KEEPALIVE).unref();
}

async function serve(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  methods: ReadonlyMap<string, Method>,
  stopping: AbortSignal,
): Promise<void> {
  const gone = new AbortController();
  const signal = AbortSignal.any([gone.signal, stopping]);
  stream.on('error', () => undefined);
  let isServed = false;
  stream.once('close', () => {
    if (!isServed) gone.abort(clientGone());
  });
  // Gone before it could be served: there is nobody to answer, and trying to would throw.
  if (stream.closed || stream.destroyed) return;
  if (!headers['content-type']?.startsWith('application/grpc')) {
    const status = healthStatus(headers[':method'], headers[':path']) ?? 415;
    stream.respond({ [HTTP2_HEADER_STATUS]: status }, { endStream: true });
    return;
  }
  let trailers: Record<string, string> = {};
  stream.on('wantTrailers', () => {
    if (stream.closed || stream.destroyed) return;
    stream.sendTrailers(trailers);
    // A client that still sends is told to leave it; not before the trailers are out, or they would be lost with the stream.
    const leave = setTimeout(() => stream.close(NGHTTP2_NO_ERROR), FAREWELL).unref();
    stream.once('close', () => clearTimeout(leave));
  });
  try {
    stream.respond(
      { [HTTP2_HEADER_STATUS]: 200, [HTTP2_HEADER_CONTENT_TYPE]: 'application/grpc' },
      { waitForTrailers: true },
    );
    const method = methods.get(headers[':path'] ?? '');
    if (!method) throw new GrpcError(Status.UNIMPLEMENTED, `${headers[':path']} is not implemented`);
    const outlet = new Outlet(stream, signal);
    await method({
      headers,
      deadline: Date.now() + timeoutOf(headers),
      signal,
      messages: () => messagesOf(stream, headers),
      write: (frames) => outlet.write(frames),
    });
    trailers = { 'grpc-status': '0' };
  } catch (error) {
    trailers = GrpcError.of(error).trailers();
  }
  isServed = true;
  if (stream.destroyed) return;
  stream.end();
  // What the client still sends is read and dropped; otherwise the stream would stay half open.
  stream.resume();
}

async function* messagesOf(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): AsyncGenerator<Buffer> {
  const encoding = headers['grpc-encoding'] ?? 'identity';
  const reader = new FrameReader();
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    for (const message of reader.read(chunk as Buffer)) {
      if (message.compressed) throw new GrpcError(Status.UNIMPLEMENTED, `grpc-encoding ${String(encoding)}`);
      yield message.payload;
    }
  }
}

const UNITS: Record<string, number> = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 1e-3, n: 1e-6 };

function timeoutOf(headers: IncomingHttpHeaders): number {
  const match = /^(\d{1,8})([HMSmun])$/.exec(String(headers['grpc-timeout'] ?? ''));
  return match ? Number(match[1]) * UNITS[match[2]!]! : Infinity;
}
