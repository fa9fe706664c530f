import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { Problem, type CaughtUp } from '#http';
import type { Clock } from '#shared-kernel';
import { readSnapshot, type Query } from './snapshot.js';

const MICROSECONDS = 6;

/** The query parameters that name a past state. Both together name it exactly, whatever is recorded meanwhile. */
export const asOfParameters = {
  asOf: z.iso
    .datetime({ offset: true, error: 'give a time such as 2026-01-31T12:00:00Z' })
    .refine(
      (text) => (/\.(\d+)/.exec(text)?.[1]?.length ?? 0) <= MICROSECONDS,
      'give microseconds at the finest',
    )
    .optional()
    .meta({ description: 'What was known at this time (RFC 3339)' }),
  asOfPosition: z
    .string()
    .regex(/^\d{1,18}$/, 'give a position such as 4711')
    .optional()
    .meta({ description: 'What was known at this commit position' }),
};

/** A past state as asked for; empty: the present one. */
export interface AsOf {
  readonly asOf?: string;
  readonly asOfPosition?: string;
}

/** A state of a read model, fixed for good: later events change nothing in it. */
export interface Bound {
  /** Commit position of the newest event in it; -1 when there is none. */
  readonly position: string;
  /** RFC 3339 UTC: nothing recorded later is in it. */
  readonly time: string;
  /** Nothing newer is stored, so current versions are the ones that hold. */
  readonly newest: boolean;
}

/** In a projection's tables, the condition for the versions of table `t` that hold at the position given as `parameter`. */
export function holds(bound: Bound, t: string, parameter = '$1'): string {
  // Names the parameter either way, since PostgreSQL refuses one that a statement does not use.
  return bound.newest
    ? `(${t}.to_position = 9223372036854775807 and ${parameter}::bigint is not null)`
    : `(${t}.from_position <= ${parameter}::bigint and ${t}.to_position > ${parameter}::bigint)`;
}

const WAIT = 5_000;

/**
 * Checks that the state asked for is one that can be answered, waiting for a position still under way.
 * @throws Problem 400 for a time to come, 503 when the read model does not reach the position in time
 */
export async function awaitAsOf(
  asked: AsOf,
  projection: string,
  clock: Clock,
  caughtUp: CaughtUp,
): Promise<void> {
  if (asked.asOf !== undefined && Date.parse(asked.asOf) > clock.now().getTime()) {
    throw new Problem(400, 'AsOfInFuture', 'What will be known at a later time is not known yet.', [
      { pointer: '/asOf', code: 'AsOfInFuture', message: `${asked.asOf} lies ahead` },
    ]);
  }
  if (asked.asOfPosition === undefined) return;
  const reached = await caughtUp.whenCaughtUp(projection, BigInt(asked.asOfPosition), WAIT);
  if (!reached) {
    const detail = `The read model has not reached position ${asked.asOfPosition} yet.`;
    throw new Problem(503, 'NotCaughtUp', detail, undefined, 1);
  }
}

/**
 * Reads a projection as of a state, all in one snapshot. The present state is dated by its newest event or, when that is
 * older, by a moment before `now`: late enough for today's questions, early enough that a command still on its way is not
 * taken for one that was known.
 */
export function readAsOf<Result>(
  dataSource: DataSource,
  projection: string,
  asked: AsOf,
  now: Date,
  read: (query: Query, bound: Bound) => Promise<Result>,
): Promise<Result> {
  return readSnapshot(dataSource, async (query) => read(query, await bind(query, projection, asked, now)));
}

const ON_ITS_WAY = 10_000;

interface TimelineRow {
  position: string;
  newest: string;
  time: string | null;
  settled: string;
}

async function bind(
  query: Query,
  projection: string,
  { asOf, asOfPosition }: AsOf,
  now: Date,
): Promise<Bound> {
  const timeline = `${projection}.timeline`;
  const [row] = await query<TimelineRow>(
    `with known as (
       select recorded_at, position from ${timeline}
       where ($1::timestamptz is null or recorded_at <= $1) and ($2::bigint is null or position <= $2)
       order by recorded_at desc limit 1)
     select coalesce((select position from known), -1) as position, coalesce((select max(position) from ${timeline}), -1) as newest,
       ${RFC3339('(select recorded_at from known)')} as time,
       ${RFC3339('greatest((select recorded_at from known), $3::timestamptz)')} as settled`,
    [asOf ?? null, asOfPosition ?? null, new Date(now.getTime() - ON_ITS_WAY).toISOString()],
  );
  const { position, newest, time, settled } = row!;
  return {
    position,
    newest: position === newest,
    time: asOf ?? (asOfPosition === undefined ? settled : (time ?? new Date(0).toISOString())),
  };
}

/** In UTC with all six digits: times of events of one moment differ in the last ones. */
function RFC3339(expression: string): string {
  return `to_char(${expression} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}
