import type { StoredEvent } from '../recorded-event.js';
import type { Sql } from './table-sql.js';

/**
 * When an event was recorded, in microseconds since 1970: as it says, 0 where it does not, but not later than the store saw it
 * come. A clock that ran ahead must not date all that follow.
 */
export function recordedMicros(recordedAt: string | undefined, created: Date): number {
  return Math.min(Date.parse(recordedAt ?? '') || 0, created.getTime()) * 1_000;
}

export function timeOf({ metadata, created }: StoredEvent): number {
  return recordedMicros(metadata.recordedAt, created);
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

  /** `recorded`: see timeOf. */
  add(recorded: number, position: bigint): void {
    this.pass(recorded);
    this.times.push(this.newest);
    this.positions.push(position);
  }

  /** An event that another projection writes down. */
  pass(recorded: number): void {
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
