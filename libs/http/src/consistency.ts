import {
  Injectable,
  SetMetadata,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { Problem } from './problem.js';

const READS = 'reads-projections';

/** Names the projections a controller's or route's queries read: a Consistency-Token waits for these. */
export const ReadsProjections = (...names: string[]) => SetMetadata(READS, names);

/** How the projections stand against the event store. */
export abstract class CaughtUp {
  /** Commit position of the newest event that projections read; -1 when there is none. */
  abstract head(): Promise<bigint>;
  /** Resolves true once the projection has applied everything up to the position, false when `timeout` ms have passed. */
  abstract whenCaughtUp(projection: string, position: bigint, timeout: number): Promise<boolean>;
}

const WAIT = 5_000;

/** Whether all of the projections have reached the position, once they have or in WAIT milliseconds. */
export async function allCaughtUp(
  caughtUp: CaughtUp,
  projections: readonly string[],
  position: bigint,
): Promise<boolean> {
  const reached = await Promise.all(projections.map((name) => caughtUp.whenCaughtUp(name, position, WAIT)));
  return reached.every(Boolean);
}

/** @throws Problem 503 when not all of the projections reach the position in time */
export async function awaitCaughtUp(
  caughtUp: CaughtUp,
  projections: readonly string[],
  position: bigint,
): Promise<void> {
  if (!(await allCaughtUp(caughtUp, projections, position))) throw notCaughtUp(position);
}

export function notCaughtUp(
  position: bigint | string,
  detail = `The read model has not reached position ${position} yet.`,
): Problem {
  return new Problem(503, 'NotCaughtUp', detail, undefined, 1);
}

/** Read your writes: a query that sends a Consistency-Token back sees at least what that command did. */
@Injectable()
export class ConsistencyInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly projections: CaughtUp,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler) {
    const token = context.switchToHttp().getRequest<FastifyRequest>().headers['consistency-token'];
    if (token === undefined) return next.handle();
    const names =
      this.reflector.getAllAndOverride<string[]>(READS, [context.getHandler(), context.getClass()]) ?? [];
    const position = positionOf(token);
    await awaitCaughtUp(this.projections, names, position);
    return next.handle();
  }
}

function positionOf(token: string | string[]): bigint {
  if (typeof token !== 'string' || !/^-?\d{1,19}$/.test(token)) {
    throw new Problem(400, 'InvalidHeader', 'Consistency-Token is not one that a command answered.', [
      { pointer: 'Consistency-Token', code: 'Invalid', message: 'a decimal position' },
    ]);
  }
  return BigInt(token);
}
