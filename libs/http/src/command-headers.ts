import { randomUUID } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader, ApiResponse } from '@nestjs/swagger';
import { applyDecorators, HttpCode } from '@nestjs/common';
import { uuidv5, type CommandOutcome, type CommandRequest } from '#event-sourcing';
import type { Actor } from '#shared-kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem, type ProblemError } from './problem.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the composition from the application's clock. */
    now: () => Date;
  }
}

/** Namespace of command ids: UUIDv5 of the actor's id and the Idempotency-Key, so keys of two people never meet. */
const COMMAND_IDS = '5b0f1c0e-6f2e-5d55-9d36-3f7d0f0a7f54';
const PRINTABLE = /^[\x21-\x7e][\x20-\x7e]{0,254}$/;

/**
 * A command's headers as a CommandRequest: X-Actor, Idempotency-Key, If-Match, X-Correlation-Id.
 * @throws Problem 401 without an actor; 400 naming every header that is not as required
 */
export const CommandHeaders = createParamDecorator((_: unknown, context: ExecutionContext): CommandRequest =>
  commandRequest(context.switchToHttp().getRequest<FastifyRequest>()),
);

export function commandRequest(request: FastifyRequest): CommandRequest {
  const errors: ProblemError[] = [];
  const header = (name: string): string | undefined => {
    const value = request.headers[name.toLowerCase()];
    if (value === undefined) return undefined;
    if (typeof value === 'string' && PRINTABLE.test(value)) return value;
    errors.push({
      pointer: name,
      code: 'Invalid',
      message: 'give 1 to 255 printable ASCII characters, once',
    });
    return undefined;
  };
  const actor = actorOf(request);
  const key = header('Idempotency-Key');
  const correlationId = header('X-Correlation-Id');
  const ifMatch = header('If-Match');
  const expectedRevision = ifMatch === undefined ? undefined : revisionOf(ifMatch);
  if (expectedRevision === null) {
    errors.push({
      pointer: 'If-Match',
      code: 'Invalid',
      message: 'give the ETag of the record as it was read, such as "3"',
    });
  }
  if (errors.length > 0) throw new Problem(400, 'InvalidHeader', 'Headers are not as required.', errors);
  const commandId = key === undefined ? randomUUID() : uuidv5(`${actor.id}\n${key}`, COMMAND_IDS);
  return {
    actor,
    now: request.now().toISOString(),
    commandId,
    keyed: key !== undefined,
    correlationId: correlationId ?? commandId,
    expectedRevision: expectedRevision ?? undefined,
  };
}

/** Until accounts exist the caller says who it is; the service listens on loopback only. */
export function actorOf(request: FastifyRequest): Actor {
  const id = request.headers['x-actor'];
  if (typeof id !== 'string' || !PRINTABLE.test(id)) {
    throw new Problem(
      401,
      'ActorMissing',
      'Say who is acting in the header X-Actor, such as "X-Actor: staff-1": every fact is recorded under a name.',
      [{ pointer: 'X-Actor', code: 'ActorMissing', message: 'give 1 to 255 printable ASCII characters' }],
    );
  }
  return { id, roles: [] };
}

/**
 * Who is asking, where a query is logged under a name.
 * @throws Problem 401 without an actor
 */
export const AskedBy = createParamDecorator((_: unknown, context: ExecutionContext): Actor =>
  actorOf(context.switchToHttp().getRequest<FastifyRequest>()),
);

/** OpenAPI of `AskedBy`. */
export const NamesAsker = () =>
  ApiHeader({
    name: 'X-Actor',
    required: true,
    description: 'Who is asking: it is logged',
    example: 'auditor-1',
  });

/** OpenAPI of a route of which the CSV is an export: that is logged, other forms are not. */
export const NamesExporter = () =>
  applyDecorators(
    ApiHeader({
      name: 'X-Actor',
      required: false,
      description: 'Who is asking; required for CSV, which is logged as an export',
      example: 'auditor-1',
    }),
    ApiResponse({ status: 401, description: 'CSV without X-Actor' }),
    ApiResponse({ status: 503, description: 'The export cannot be logged' }),
  );

/** `"3"` → 3n, `*` → undefined (any), else null. */
function revisionOf(ifMatch: string): bigint | undefined | null {
  if (ifMatch === '*') return undefined;
  const match = /^"(\d{1,18})"$/.exec(ifMatch);
  return match ? BigInt(match[1]!) : null;
}

/** Body of every command's answer. */
export interface CommandAnswer {
  readonly id: string;
  readonly revision: number;
  readonly position: string;
}

/** Sets ETag, Consistency-Token and, for what was created, status 201 and Location. */
export function commandAnswer(
  reply: FastifyReply,
  outcome: CommandOutcome,
  location?: string,
): CommandAnswer {
  void reply.header('ETag', `"${outcome.revision}"`).header('Consistency-Token', String(outcome.position));
  if (location !== undefined) void reply.status(201).header('Location', location);
  return { id: outcome.id, revision: Number(outcome.revision), position: String(outcome.position) };
}

const uuidSchema = { type: 'string', format: 'uuid' };

function answerSchema(partId?: string) {
  const properties = {
    id: { type: 'string', description: 'UUID; of an annual report its year' },
    revision: { type: 'integer' },
    position: { type: 'string' },
    ...(partId && { [partId]: uuidSchema }),
  };
  return { type: 'object', properties, required: Object.keys(properties) };
}

/** OpenAPI of a command's route, and its plain status. `partId`: the answer's field for the id of a part it creates. */
export function CommandRoute(creates = false, partId?: string): MethodDecorator {
  return applyDecorators(
    HttpCode(creates ? 201 : 200),
    ApiHeader({ name: 'X-Actor', required: true, description: 'Who is acting', example: 'staff-1' }),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description: 'Names the command: repeating it changes nothing',
    }),
    ApiHeader({ name: 'If-Match', required: false, description: 'ETag of the record as read; stale: 412' }),
    ApiHeader({ name: 'X-Correlation-Id', required: false }),
    ApiResponse({ status: creates ? 201 : 200, description: 'Recorded', schema: answerSchema(partId) }),
    ApiResponse({ status: 400, description: 'Malformed' }),
    ApiResponse({ status: 401, description: 'No X-Actor' }),
    ApiResponse({ status: 409, description: 'Not possible in the present state' }),
    ApiResponse({ status: 412, description: 'Stale If-Match' }),
    ApiResponse({ status: 422, description: 'Rule broken' }),
  );
}
