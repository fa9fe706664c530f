import type { Socket } from 'node:net';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { migrateReadModel } from '#application';
import { NestLogger, type ConnectedConfig } from '#process';
import { Problem, sendProblem, toProblem } from '#http';
import { acceptUploads } from '#importing';
import { Clock } from '#shared-kernel';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { ApiModule } from './api.module.js';
import { serveOpenApi } from './open-api.js';
import { Metrics } from './operations/metrics.js';

/** Largest JSON body in bytes: the event store's limit for one append. */
const BODY_LIMIT = 1024 * 1024;
const BASE = 'api/v1';

/** The application, its read model migrated, ready to listen. */
export async function createApi(
  config: ConnectedConfig,
  log: Logger,
  clock?: Clock,
): Promise<NestFastifyApplication> {
  await migrateReadModel(config);

  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    // Probes and scrapers expect these at the root, the contract names them under the base: both are served.
    rewriteUrl: ({ url = '/' }) => url.replace(/^\/api\/v1\/(health\/|metrics$)/, '/$1'),
    // Requests that reach no route: a path that cannot be decoded, and the like.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) =>
      sendProblem(reply, request.url, toProblem(error)),
    clientErrorHandler: answerUnreadable,
    // Requests under way are answered before the process ends.
    forceCloseConnections: 'idle',
  });
  const app = await NestFactory.create<NestFastifyApplication>(ApiModule.of(config, clock), adapter, {
    logger: new NestLogger(log),
    bodyParser: false,
  });
  app.setGlobalPrefix(BASE, { exclude: ['health/live', 'health/ready', 'metrics'] });
  const fastify = app.getHttpAdapter().getInstance();
  readJson(fastify);
  fastify.addHook('onRequest', refuseForeignHosts);
  const applicationClock = app.get(Clock);
  fastify.decorateRequest('now', () => applicationClock.now());
  await acceptUploads(fastify);
  const metrics = app.get(Metrics);
  fastify.addHook('onResponse', (request, reply, done) => {
    // The route's pattern, not the address: that may hold names people searched for.
    const route = request.routeOptions.url ?? 'unknown';
    metrics.observe(request.method, route, reply.statusCode, reply.elapsedTime / 1000);
    log.debug(
      {
        method: request.method,
        route,
        status: reply.statusCode,
        milliseconds: Math.round(reply.elapsedTime),
      },
      'request',
    );
    done();
  });
  serveOpenApi(app);
  await app.init();
  return app;
}

/** JSON is what commands are given in; many clients name it even when a command, such as approve, needs no body. */
function readJson(fastify: FastifyInstance): void {
  // Plain text is not one of the forms that a command may come in: 415.
  fastify.removeContentTypeParser('text/plain');
  const parse = fastify.getDefaultJsonParser('error', 'error');
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (body.length === 0) return done(null, {});
    let text: string;
    try {
      text = utf8.decode(body as Buffer);
    } catch {
      // Replaced by question marks it would stand in the record for good.
      return done(new Problem(400, 'MalformedJson', 'The body is not UTF-8.'));
    }
    void parse(request, text, done);
  });
}

const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/**
 * Callers are not authenticated yet: a page from elsewhere, under a name that it has pointed at this machine, must not act in
 * somebody's browser.
 */
function refuseForeignHosts(
  request: FastifyRequest,
  _reply: FastifyReply,
  done: (error?: Error) => void,
): void {
  const { host, origin } = request.headers;
  const from = origin === undefined ? undefined : URL.canParse(origin) ? new URL(origin).host : origin;
  const foreign = [host, from].find((name) => name !== undefined && !LOOPBACK_HOST.test(name));
  if (foreign === undefined) return done();
  done(
    new Problem(
      403,
      'ForeignHost',
      'Until accounts exist only this machine is served, under a loopback name.',
    ),
  );
}

/** Bytes that are not HTTP, or headers past the limit: answered in the same form as everything else. */
function answerUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? new Problem(431, 'HeadersTooLarge', 'The headers are larger than 16 KiB.')
      : new Problem(400, 'MalformedRequest', 'This is not an HTTP request.');
  const body = JSON.stringify({
    type: `urn:coop:problem:${problem.code}`,
    title: problem.detail,
    status: problem.status,
    detail: problem.detail,
    code: problem.code,
  });
  socket.end(
    `HTTP/1.1 ${problem.status} ${problem.code}\r\nContent-Type: application/problem+json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
