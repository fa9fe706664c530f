import { conditions, SqlParameters, type Query } from '#postgres';
import { utc } from '#aggregates';
import { AUDIT } from '../projections/audit-projection.js';
import type { EventFilters } from './filters.js';

/** Where an event stands in the store, and what the index knows of it. */
export interface Place {
  readonly position: string;
  readonly id: string;
  readonly stream: string;
  readonly revision: string;
  readonly type: string;
  readonly actor: string | null;
  readonly recordedAt: string;
  readonly hash: string | null;
  /**
   * Events between the place before this one and this: of the stream when one is asked for, else of the application, counted up
   * to MOST_BETWEEN + 1.
   */
  readonly between: number;
}

/** More events than that between two are not read along with them: a call costs both ends what some forty events do. */
export const MOST_BETWEEN = 40;

/** A part of the feed's order. */
export interface Span {
  /** Exclusive; -1: from the first event. */
  readonly after: bigint;
  /** Inclusive. */
  readonly upTo: bigint;
}

/** Places, and up to which position the index had every event when it was asked. */
export interface Found {
  readonly places: readonly Place[];
  readonly applied: bigint;
}

/** The first `most` places in the span that pass every filter, in the store's order. */
export async function findPlaces(
  query: Query,
  filters: EventFilters,
  { after, upTo }: Span,
  most: number,
): Promise<Found> {
  const parameters = new SqlParameters();
  const where = conditions(
    parameters,
    [String(after), (position) => `from_position > ${position}::bigint`],
    [String(upTo), (position) => `from_position <= ${position}::bigint`],
    [filters.stream, (stream) => `stream = ${stream}`],
    [filters.type, (type) => `type = ${type}`],
    [filters.actor, (actor) => `actor = ${actor}`],
    [filters.from, (time) => `recorded_at >= ${time}::timestamptz`],
    [filters.to, (time) => `recorded_at < ${time}::timestamptz`],
  ).join(' and ');
  const unfiltered = Object.values(filters).every((value) => value === undefined);
  const between = unfiltered ? '0' : filters.stream === undefined ? BETWEEN : BETWEEN_IN_STREAM;
  // The page is found from an index alone, then its rows are fetched. One statement: position and rows are of one state.
  const rows = await query<{ applied: string } & (Place | { [key in keyof Place]: null })>(
    `with page as (
       select from_position, lag(from_position) over (order by from_position) as previous
       from (select from_position from audit.event where ${where}
             order by from_position limit ${parameters.add(most)}) found)
     select applied.position as applied, place.* from public.projection applied left join (
       select e.from_position::text as position, e.id, e.stream, e.revision, e.type, e.actor,
         ${utc('e.recorded_at')} as "recordedAt", e.hash,
         ${between} as between
       from page join audit.event e on e.from_position = page.from_position) place on true
     where applied.name = '${AUDIT}' order by place.position::bigint`,
    parameters.values,
  );
  return {
    places: rows.filter((row): row is { applied: string } & Place => row.position !== null),
    applied: BigInt(rows[0]?.applied ?? -1),
  };
}

const BETWEEN = `(select count(*)::int from (select from audit.event other
  where other.from_position > page.previous and other.from_position < page.from_position
  limit ${MOST_BETWEEN + 1}) others)`;

const BETWEEN_IN_STREAM = `least(e.revision - lag(e.revision) over (order by e.from_position) - 1, ${MOST_BETWEEN + 1})::int`;
