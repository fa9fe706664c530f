import type { ResolvedEvent } from '@eventstore/db-client';
import type { RecordedEvent } from '../recorded-event.js';
import type { EventStore } from '../store/event-store.js';
import { timeOf } from './timeline.js';

interface Decoded {
  time?: number;
  /** Null: not one of the application's. */
  event?: RecordedEvent | null;
}

/** What events come to, worked out once for all projections of a process that are given the same ones. */
export class DecodedEvents {
  private readonly decoded = new WeakMap<ResolvedEvent, Decoded>();

  constructor(private readonly store: Pick<EventStore, 'recorded'>) {}

  /** See EventStore.recorded. A failure is not kept. */
  recorded(resolved: ResolvedEvent): RecordedEvent | undefined {
    const decoded = this.of(resolved);
    if (decoded.event === undefined) decoded.event = this.store.recorded(resolved) ?? null;
    return decoded.event ?? undefined;
  }

  /** See timeOf. */
  timeOf(resolved: ResolvedEvent): number {
    const decoded = this.of(resolved);
    return (decoded.time ??= timeOf(resolved));
  }

  /** Has them decoded anew: what a projection could not take may come out otherwise. */
  forget(events: readonly ResolvedEvent[]): void {
    for (const resolved of events) this.decoded.delete(resolved);
  }

  private of(resolved: ResolvedEvent): Decoded {
    let decoded = this.decoded.get(resolved);
    if (!decoded) this.decoded.set(resolved, (decoded = {}));
    return decoded;
  }
}
