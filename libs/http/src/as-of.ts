import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { readSnapshot, type Bound, type Query } from '#postgres';
import type { Clock } from '#shared-kernel';
import { allCaughtUp, notCaughtUp, type CaughtUp, type Head } from './consistency.js';
import { Problem } from './problem.js';

const MICROSECONDS = 6;

function isTime(text: string): boolean {
  const year = Number(text.slice(0, 4));
  return year >= 1900 && year <= 2199 && !/[+-](1[6-9]|2\d):\d\d$/.test(text);
}

/** A time as RFC 3339 has it, to the microsecond. */
export const instant = z.iso
  .datetime({ offset: true, error: 'give a time such as 2026-01-31T12:00:00Z', abort: true })
  .refine(
    (text) => (/\.(\d+)/.exec(text)?.[1]?.length ?? 0) <= MICROSECONDS,
    'give microseconds at the finest',
  )
  .refine(isTime, 'give a time between 1900 and 2199, its offset below 16 hours');

/** The query parameters that name a past state. Both together name it exactly, whatever is recorded meanwhile. */
export const asOfParameters = {
  asOf: instant.optional().meta({ description: 'What was known at this time (RFC 3339)' }),
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

/** Milliseconds after which a command is no longer on its way: the event store has answered it, or it has failed. */
const ON_ITS_WAY = 20_000;

/** A state asked for, and how far the event store was when it was, or a moment before. */
export interface AsOfRequest extends AsOf {
  /** Absent where the answer is the same without. */
  readonly head?: Head;
}

/**
 * Checks that the state asked for is not one to come, and waits for events still on their way into the read model.
 * @param isDated the answer says of when it is: only then the present asks the event store how far it is
 * @throws Problem 400 for a time or position to come, 503 when the read model does not reach the position in time
 */
export async function awaitAsOf(
  asked: AsOf,
  projections: readonly string[],
  clock: Clock,
  caughtUp: CaughtUp,
  { isDated } = { isDated: true },
): Promise<AsOfRequest> {
  const now = clock.now().getTime();
  const { asOf, asOfPosition } = asked;
  refuseFuture(asOf, now);
  if (asOfPosition !== undefined) {
    const position = BigInt(asOfPosition);
    if (!(await allCaughtUp(caughtUp, projections, position)))
      throw position > (await caughtUp.head()) ? positionAhead(asOfPosition) : notCaughtUp(position);
    return { asOf, asOfPosition };
  }
  if (asOf === undefined) return isDated ? { head: caughtUp.recentHead(now) } : {};
  const head = { at: now, position: caughtUp.head() };
  // It goes on while the read model is read. Where it is not waited for, because that failed, its failure is nobody's.
  head.position.catch(() => undefined);
  if (Date.parse(asOf) > now - ON_ITS_WAY) await allCaughtUp(caughtUp, projections, await head.position);
  return { asOf, head };
}

/** @throws Problem 400; `now` in milliseconds since 1970 */
export function refuseFuture(asOf: string | undefined, now: number): void {
  if (asOf !== undefined && Date.parse(asOf) > now) throw inFuture('/asOf', `${asOf} lies ahead`);
}

/** The store may have been asked on a node that is behind others: so it is waited for before it is called this. */
function positionAhead(position: string): Problem {
  return inFuture('/asOfPosition', `no event is stored at ${position} or after`);
}

function inFuture(pointer: string, message: string): Problem {
  return new Problem(400, 'AsOfInFuture', 'What will be known at a later time is not known yet.', [
    { pointer, code: 'AsOfInFuture', message },
  ]);
}

/**
 * Reads projections as of a state that is one of all of them, all in one snapshot: what only some have applied is not in it.
 * The present state is dated a while before the head was seen, or by its newest event when that is later or when a projection is
 * behind: late enough for today's questions, early enough that what is on its way is not taken for what was known.
 * @throws Problem 503 when a projection is so far behind that events of the time asked for may be missing
 */
export function readAsOf<Result>(
  dataSource: DataSource,
  projections: readonly string[],
  asked: AsOfRequest,
  read: (query: Query, bound: Bound) => Promise<Result>,
): Promise<Result> {
  return readSnapshot(dataSource, async (query) => read(query, await bind(query, projections, asked)));
}

/**
 * Reads projections in a state that was fixed before, such as that of a published report.
 * @throws Problem 503 while one of them, made anew, has not reached it again
 */
export function readAt<Result>(
  dataSource: DataSource,
  projections: readonly string[],
  { position, time }: Pick<Bound, 'position' | 'time'>,
  read: (query: Query, bound: Bound) => Promise<Result>,
): Promise<Result> {
  return readSnapshot(dataSource, async (query) => {
    const there = await query(
      'select name from public.projection where name = any($1) and position >= $2::bigint',
      [projections, position],
    );
    if (there.length < projections.length) throw notCaughtUp(position);
    return read(query, { position, time, newest: false });
  });
}

interface TimelineRow {
  readonly position: string;
  readonly time: string | null;
  /** The time asked for, in UTC. */
  readonly asked: string | null;
  /** Up to where all of the projections have applied everything. */
  readonly applied: string;
  /** Of the newest event that one of them has applied. */
  readonly newest: string;
  readonly settled: string;
  /** Everything recorded by the time asked for is there, even if a projection is behind. */
  readonly past: boolean | null;
}

async function bind(
  query: Query,
  projections: readonly string[],
  { asOf, asOfPosition, head }: AsOfRequest,
): Promise<Bound> {
  // Each keeps the times of its own events; together they rise with the position, as one timeline of all would.
  const timeline = projections
    .map((name) => `select recorded_at, position from ${name}.timeline`)
    .join(' union all ');
  const [row] = await query<TimelineRow>(
    `with applied as (
       select case when count(*) = cardinality($4::text[]) then min(position) else -1 end as position
       from public.projection where name = any($4)),
     known as (
       select recorded_at, position from (${timeline}) timeline
       where ($1::timestamptz is null or recorded_at <= $1)
         and position <= least($2::bigint, (select position from applied))
       order by ${asOfPosition === undefined ? 'recorded_at' : 'position'} desc limit 1),
     latest as (
       select recorded_at, position from (${timeline}) timeline
       where position <= (select position from applied) order by recorded_at desc limit 1)
     select coalesce((select position from known), -1) as position, (select position from applied) as applied,
       coalesce((select max(position) from (${timeline}) timeline), -1) as newest,
       ${RFC3339('(select recorded_at from known)')} as time, ${RFC3339('$1::timestamptz')} as asked,
       ${RFC3339('greatest((select recorded_at from known), $3::timestamptz)')} as settled,
       (select recorded_at from latest) > $1::timestamptz + interval '${ON_ITS_WAY} milliseconds' as past`,
    [asOf ?? null, asOfPosition ?? null, head ? new Date(head.at - ON_ITS_WAY) : null, projections],
  );
  const { position, applied, newest, time, asked, settled, past } = row!;
  const behind = head !== undefined && BigInt(applied) < (await head.position);
  if (asOf !== undefined && asOfPosition === undefined && behind && !past) {
    throw notCaughtUp(
      applied,
      `The read model is behind: what was recorded by ${asOf} may not all be in it yet.`,
    );
  }
  const present = behind ? (time ?? NEVER) : settled;
  return {
    position,
    newest: position === newest,
    // As it was asked for where that is in UTC already.
    time: (asOf?.endsWith('Z') ? asOf : asked) ?? (asOfPosition === undefined ? present : (time ?? NEVER)),
  };
}

/** Before anything was recorded. */
const NEVER = new Date(0).toISOString();

/** In UTC with all six digits: times of events of one moment differ in the last ones. */
function RFC3339(expression: string): string {
  return `to_char(${expression} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}
