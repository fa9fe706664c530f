import type { ResolvedEvent } from '@eventstore/db-client';
import type { EventMetadata } from '../recorded-event.js';
import type { Sql } from './table-sql.js';

/** When an event says it was recorded, and when the store saw it come. */
export interface EventTimes {
  /** RFC 3339; undefined for one that says nothing. */
  readonly recordedAt: string | undefined;
  readonly created: Date;
}

export function timesOf({ event }: ResolvedEvent): EventTimes {
  const metadata = event!.metadata as Partial<EventMetadata> | undefined;
  return { recordedAt: metadata?.recordedAt, created: event!.created };
}

/**
 * When each event was recorded, every one later than the one before, if by a microsecond: a clock may step back, and many
 * events share a millisecond, yet each position has its own time, and what a time answered once it will answer always.
 * Other projections' events count too, though only their own are written: so the times of all rise with the position.
 */
export class Timeline {
  /** Microseconds since 1970. */
  readonly times: number[] = [];
  readonly positions: bigint[] = [];

  /** `newest`: microseconds since 1970. */
  constructor(public newest: number) {}

  add(times: EventTimes, position: bigint): void {
    this.pass(times);
    this.times.push(this.newest);
    this.positions.push(position);
  }

  /** An event that another projection writes down. */
  pass({ recordedAt, created }: EventTimes): void {
    // A clock that ran ahead when the event was recorded must not date all that follow; the store saw it come.
    const recorded = Math.min(Date.parse(recordedAt ?? '') || 0, created.getTime()) * 1_000;
    this.newest = Math.max(this.newest + 1, recorded);
  }

  async write(sql: Sql, schema: string): Promise<void> {
    if (this.times.length === 0) return;
    await sql.query(
      `insert into ${schema}.timeline (recorded_at, position)
       select timestamptz 'epoch' + k.time * interval '1 microsecond', k.position
       from unnest($1::bigint[], $2::bigint[]) k(time, position)
       on conflict do nothing`,
      [this.times, this.positions.map(String)],
    );
  }
}
