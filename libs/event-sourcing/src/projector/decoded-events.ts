import type { RecordedEvent, StoredEvent } from '../recorded-event.js';
import type { EventStore } from '../store/event-store.js';
import { timeOf } from './timeline.js';

interface Decoded {
  time?: number;
  /** Null: not one of the application's. */
  event?: RecordedEvent | null;
}

/** What events come to, worked out once for all projections of a process that are given the same ones. */
export class DecodedEvents {
  private readonly decoded = new WeakMap<StoredEvent, Decoded>();

  constructor(private readonly store: Pick<EventStore, 'recorded'>) {}

  /** See EventStore.recorded. A failure is not kept. */
  recorded(stored: StoredEvent): RecordedEvent | undefined {
    const decoded = this.of(stored);
    if (decoded.event === undefined) decoded.event = this.store.recorded(stored) ?? null;
    return decoded.event ?? undefined;
  }

  /** See timeOf. */
  timeOf(stored: StoredEvent): number {
    const decoded = this.of(stored);
    return (decoded.time ??= timeOf(stored));
  }

  /** Has them decoded anew: what a projection could not take may come out otherwise. */
  forget(events: readonly StoredEvent[]): void {
    for (const stored of events) this.decoded.delete(stored);
  }

  private of(stored: StoredEvent): Decoded {
    let decoded = this.decoded.get(stored);
    if (!decoded) this.decoded.set(stored, (decoded = {}));
    return decoded;
  }
}
