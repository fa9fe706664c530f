import { Injectable } from '@nestjs/common';
import { EventStore } from '#event-sourcing';
import { awaitCaughtUp, CaughtUp, notCaughtUp } from '#http';
import { preparedOn, type Query } from '#postgres';
import { DataSource } from 'typeorm';
import { AUDIT } from '../projections/audit-projection.js';
import { auditEvent, type AuditEvent } from './audit-event.js';
import type { EventFilters } from './filters.js';
import { findPlaces } from './places.js';
import { readPlaces } from './read-places.js';
import { TimeBlocks } from './time-blocks.js';

/** Events asked for, and from where on. */
export interface Asked extends EventFilters {
  /** A position, exclusive. */
  readonly after?: string;
  /** Most events; absent: all. */
  readonly limit?: number;
}

/** Places looked up together: a page of the largest size, and one that tells whether more follow. */
const LOOKED_UP = 501;

/** The events of all contexts in the order of the store: found through the index, read from the store. */
@Injectable()
export class AuditFeed {
  private readonly query: Query;
  private readonly times: TimeBlocks;

  constructor(
    dataSource: DataSource,
    private readonly store: EventStore,
    private readonly caughtUp: CaughtUp,
  ) {
    this.query = preparedOn(dataSource);
    this.times = new TimeBlocks(this.query);
  }

  /**
   * Position of the newest event, once the index has reached it: what is read up to there misses nothing, and ends there.
   * @throws Problem 503 when it has not in time
   */
  async head(): Promise<bigint> {
    const head = await this.caughtUp.head();
    await awaitCaughtUp(this.caughtUp, [AUDIT], head);
    return head;
  }

  /**
   * Events in flat memory, read no faster than they are taken.
   * @param head up to this position, as `head` answered it. Without it up to the newest event: the store is asked which that is
   * only where the index has no more, so a page in its midst costs no call for it.
   */
  async *events(
    { after = '-1', limit = Infinity, ...filters }: Asked,
    head?: bigint,
  ): AsyncGenerator<AuditEvent> {
    const { from, to } = filters;
    let upTo = head ?? (from === undefined && to === undefined ? undefined : await this.head());
    let span = await this.times.narrow({ after: BigInt(after), upTo: upTo ?? NEWEST }, filters);
    for (let left = limit; span && left > 0 && span.after < span.upTo;) {
      const most = Math.min(left, LOOKED_UP);
      const { places, applied } = await findPlaces(this.query, filters, span, most);
      if (upTo !== undefined && applied < upTo) throw notCaughtUp(upTo);
      for await (const [place, event] of readPlaces(this.store, places, filters.stream))
        yield auditEvent(place, event);
      if (places.length < most) {
        if (upTo !== undefined) return;
        upTo = await this.head();
        if (applied >= upTo) return;
        span = { ...span, upTo };
      }
      left -= places.length;
      const last = places.at(-1);
      if (last) span = { ...span, after: BigInt(last.position) };
    }
  }
}

/** No position is beyond it. */
const NEWEST = 9223372036854775807n;
