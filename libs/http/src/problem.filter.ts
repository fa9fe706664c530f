import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import {
  AggregateNotFound,
  AppendTooLarge,
  CommandConflict,
  CommandIdReused,
  CommandRefused,
  NO_REVISION,
  StaleRevision,
  StoreFull,
  StoreUnavailable,
  StreamDeleted,
  UnreadableEvent,
} from '#event-sourcing';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem, problemTitle } from './problem.js';
import { isDatabaseUnavailable } from './database-unavailable.js';

/** The one place where errors become HTTP answers. What is not named here is a bug: logged with its stack, shown without. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const problem = toProblem(error);
    // A Problem is an answer of ours, not a failure.
    if (problem.status >= 500 && !(error instanceof Problem)) {
      this.logger.error({ err: error, url: request.url.split('?')[0], requestId: request.id }, problem.code);
    }
    sendProblem(reply, request.url, problem);
  }
}

/** Writes a problem as the answer; also used where Nest is not reached (unparsable requests). */
export function sendProblem(reply: FastifyReply, url: string, problem: Problem): void {
  // A stream that fails after its first byte cannot change its answer any more: cut it, so the client sees it is incomplete.
  if (reply.raw.headersSent) {
    reply.raw.destroy();
    return;
  }
  // Fastify would close the connection, and a client still sending would then lose the answer: what is too much is read and dropped.
  if (problem.status === 413) void reply.removeHeader('connection');
  if (problem.retryAfter !== undefined) void reply.header('Retry-After', String(problem.retryAfter));
  void reply
    .status(problem.status)
    .header('Content-Type', 'application/problem+json; charset=utf-8')
    .send(
      JSON.stringify({
        type: `urn:coop:problem:${problem.code}`,
        title: problemTitle(problem.status),
        status: problem.status,
        detail: problem.detail,
        instance: url,
        code: problem.code,
        ...(problem.errors?.length ? { errors: problem.errors } : {}),
      }),
    );
}

export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof CommandRefused) return refused(error);
  if (error instanceof AggregateNotFound) return new Problem(404, error.code, error.message);
  if (error instanceof StaleRevision) {
    return new Problem(
      412,
      'StaleRevision',
      error.actual === NO_REVISION
        ? `If-Match names revision ${error.expected}, but nothing is recorded yet.`
        : `If-Match names revision ${error.expected}, but the current one is ${error.actual}. Read it again, then decide.`,
    );
  }
  if (error instanceof CommandConflict) {
    return new Problem(409, 'Conflict', 'Others kept changing this record at the same moment. Try again.');
  }
  if (error instanceof CommandIdReused) {
    return new Problem(
      422,
      'IdempotencyKeyReused',
      'This Idempotency-Key was used before for another command. Send a new key.',
      [
        {
          pointer: 'Idempotency-Key',
          code: 'IdempotencyKeyReused',
          message: 'belongs to an earlier command',
        },
      ],
    );
  }
  if (error instanceof AppendTooLarge) {
    return new Problem(
      413,
      'TooLarge',
      'The command holds more than the event store takes at once. Record it in parts.',
    );
  }
  if (error instanceof StreamDeleted)
    return new Problem(410, 'Deleted', 'This record was deleted from the event store.');
  if (error instanceof StoreFull) {
    return new Problem(
      503,
      'StoreFull',
      'The disk of the event store is full. Make room on it, then repeat the request with the same Idempotency-Key.',
      undefined,
      30,
    );
  }
  if (error instanceof StoreUnavailable) {
    return new Problem(
      503,
      'StoreUnavailable',
      'The event store does not answer. Repeat the request with the same Idempotency-Key.',
      undefined,
      2,
    );
  }
  if (error instanceof UnreadableEvent) {
    return new Problem(
      500,
      'UnreadableEvent',
      `The record holds what this program cannot read: ${error.message}. coop audit verify tells whether it was altered.`,
    );
  }
  if (isDatabaseUnavailable(error)) {
    return new Problem(
      503,
      'DatabaseUnavailable',
      'The database of the read models does not answer. Repeat the request.',
      undefined,
      2,
    );
  }
  if (error instanceof HttpException) {
    const status = error.getStatus();
    return new Problem(status, codeOf(error.message, status), error.message);
  }
  const status = (error as { statusCode?: unknown })?.statusCode;
  if (typeof status === 'number' && status >= 400 && status < 500) {
    // Fastify's own: body too large, unparsable JSON, unknown media type.
    const { code, message } = error as { code?: string; message: string };
    const detail =
      status === 415 ? 'Send the body as application/json, and say so in Content-Type.' : message;
    return new Problem(status, FASTIFY_CODES[code ?? ''] ?? codeOf(message, status), detail);
  }
  return new Problem(500, 'Internal', 'Something went wrong on our side. It has been logged.');
}

function refused({ refusal }: CommandRefused): Problem {
  const [first] = refusal.errors;
  const code = first?.code ?? 'Refused';
  if (refusal.refused === 'rule') {
    const detail =
      refusal.errors.length === 1 ? first!.message : `${refusal.errors.length} rules are broken.`;
    return new Problem(422, refusal.errors.length === 1 ? code : 'RulesBroken', detail, refusal.errors);
  }
  return new Problem(
    code.endsWith('NotFound') ? 404 : 409,
    code,
    first?.message ?? 'refused',
    refusal.errors,
  );
}

const FASTIFY_CODES: Readonly<Record<string, string>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'BodyTooLarge',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UnsupportedMediaType',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'EmptyBody',
  FST_ERR_CTP_INVALID_JSON_BODY: 'MalformedJson',
};

function codeOf(message: string, status: number): string {
  if (status === 404) return 'NotFound';
  return /JSON/i.test(message)
    ? 'MalformedJson'
    : problemTitle(status).replace(/[^a-z]+(.)?/gi, (_, next: string) => (next ?? '').toUpperCase());
}
