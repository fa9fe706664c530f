import { Injectable, SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { NO_REVISION, type EventStore, type ProjectionPositions } from '#event-sourcing';
import type { FastifyRequest } from 'fastify';
import { Problem } from './problem.js';

const READS = 'reads-projections';

/** Names the projections a controller's or route's queries read: a Consistency-Token waits for these. */
export const ReadsProjections = (...names: string[]) => SetMetadata(READS, names);

/** Where the event store was seen to be. */
export interface Head {
  /** Milliseconds since 1970, by the application's clock: what is stored beyond the position came later. */
  readonly at: number;
  /** Commit position of the newest event that projections read; -1 when there was none. */
  readonly position: Promise<bigint>;
}

/** Milliseconds for which a head stays recent. */
const RECENT = 1_000;

/** How the projections stand against the event store. */
export class CaughtUp {
  private seen: Head | undefined;

  /** @param streamPrefixes begin the names of the streams that projections read */
  constructor(
    private readonly store: Pick<EventStore, 'head'>,
    private readonly streamPrefixes: readonly string[],
    private readonly positions: Pick<ProjectionPositions, 'whenCaughtUp'>,
  ) {}

  /** Commit position of the newest event that projections read; -1 when there is none. @throws StoreUnavailable */
  async head(): Promise<bigint> {
    return (await this.store.head(this.streamPrefixes))?.position ?? NO_REVISION;
  }

  /**
   * Where the store was less than RECENT ago: one call serves all who ask meanwhile.
   * @param now milliseconds since 1970, by the clock that `at` goes by
   */
  recentHead(now: number): Head {
    const age = this.seen && now - this.seen.at;
    if (age !== undefined && age >= 0 && age < RECENT) return this.seen!;
    const head = { at: now, position: this.head() };
    this.seen = head;
    // A failure is told to those who wait for it, and the next one asks again.
    head.position.catch(() => {
      if (this.seen === head) this.seen = undefined;
    });
    return head;
  }

  /** Resolves true once the projection has applied everything up to the position, false when `timeout` ms have passed. */
  whenCaughtUp(projection: string, position: bigint, timeout: number): Promise<boolean> {
    return this.positions.whenCaughtUp(projection, position, timeout);
  }
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

const OTHER_STORE =
  'If the Consistency-Token is from before the record was moved or restored, ask without it.';

/** Read your writes: a query that sends a Consistency-Token back sees at least what that command did. */
@Injectable()
export class ConsistencyGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly projections: CaughtUp,
  ) {}

  canActivate(context: ExecutionContext): true | Promise<true> {
    const token = context.switchToHttp().getRequest<FastifyRequest>().headers['consistency-token'];
    return token === undefined || this.isReached(token, context);
  }

  private async isReached(token: string | string[], context: ExecutionContext): Promise<true> {
    const names =
      this.reflector.getAllAndOverride<string[]>(READS, [context.getHandler(), context.getClass()]) ?? [];
    const position = positionOf(token);
    if (!(await allCaughtUp(this.projections, names, position))) {
      // A node of a cluster may be behind the one that answered the command: so it is waited for all the same.
      const isAhead = position > (await this.projections.head());
      throw notCaughtUp(
        position,
        isAhead ? `No event is stored at ${position} yet. ${OTHER_STORE}` : undefined,
      );
    }
    return true;
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
