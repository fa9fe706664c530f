import { finished } from 'node:stream';
import { Logger } from '@nestjs/common';
import type { Actor } from '#shared-kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AccessTrail } from '../access/access-trail.js';

const logger = new Logger('AccessTrail');

/**
 * Logs that somebody reads the record, before anything of it leaves, and how it ended once the answer is sent or the connection
 * is gone.
 * @returns what is being sent: set its `count`
 * @throws Problem 503 when it cannot be logged
 */
export async function logAccess(
  trail: AccessTrail,
  actor: Actor,
  filters: object,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<{ count: number }> {
  const id = await trail.begin(actor, { route: `${request.method} ${request.routeOptions.url}`, filters });
  const sent = { count: 0 };
  finished(reply.raw, (error) => {
    const outcome = error || reply.statusCode >= 400 ? 'cut-off' : 'complete';
    trail.end(id, { outcome, count: sent.count }).catch((failure: unknown) => {
      logger.error({ err: failure, access: id }, 'how an access ended was not logged');
    });
  });
  return sent;
}
