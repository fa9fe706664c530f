import { finished } from 'node:stream';
import { Logger } from '@nestjs/common';
import type { Actor } from '#shared-kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** What of the record is read. */
export interface Accessed {
  /** Such as `GET /api/v1/audit/events`. */
  readonly route: string;
  readonly filters: object;
}

/** How it ended; `cut-off`: not all was sent. */
export interface AccessEnd {
  readonly outcome: 'complete' | 'cut-off';
  /** Of what was sent, as far as it was counted. */
  readonly count?: number;
}

/** Keeps who has read what of the record; the composition provides it. */
export abstract class AccessLog {
  /**
   * Writes the entry; nothing may be shown before it stands.
   * @returns the entry's id
   * @throws Problem 503 when it cannot be written
   */
  abstract begin(actor: Actor, accessed: Accessed): Promise<string>;
  abstract end(id: string, end: AccessEnd): Promise<void>;
}

const logger = new Logger('AccessLog');

/**
 * Logs that somebody reads the record, and how it ended once the answer is sent or the connection is gone. Every route by which
 * the record leaves in bulk awaits it before anything leaves.
 * @returns what is being sent: set its `count`
 * @throws Problem 503 when it cannot be logged
 */
export async function logAccess(
  log: AccessLog,
  actor: Actor,
  filters: object,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<{ count: number }> {
  const id = await log.begin(actor, { route: `${request.method} ${request.routeOptions.url}`, filters });
  const sent = { count: 0 };
  finished(reply.raw, (error) => {
    const outcome = error || reply.statusCode >= 400 ? 'cut-off' : 'complete';
    log.end(id, { outcome, count: sent.count }).catch((failure: unknown) => {
      logger.error({ err: failure, access: id }, 'how an access ended was not logged');
    });
  });
  return sent;
}
