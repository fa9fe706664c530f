import { setTimeout as rest } from 'node:timers/promises';
import type { EventStore } from '../store/event-store.js';
import { FeedDropped, type Arrival, type EventFeed } from './event-feed.js';
import { EventRing, type Reader } from './event-ring.js';
import { WatchedFeed } from './watched-feed.js';

export interface EventHubOptions {
  readonly store: EventStore;
  /** Stream prefixes of every context: the position moves with all their events, so any token can be waited for. */
  readonly prefixes: readonly string[];
  readonly log: { error(fields: object, message: string): void };
  /** Newest events kept for all. */
  readonly capacity?: number;
  /** Milliseconds for which one that takes nothing may hold up the others. */
  readonly patience?: number;
  /** Milliseconds between looks at the store's head for a subscription that died silently. */
  readonly watchdog?: number;
}

/** Events taken from the subscription together. */
const PORTION = 1_000;

/**
 * One subscription for all projections of a process. It is where the foremost of them is; one that is behind what is kept of it
 * reads by itself until it is near enough. It goes no faster than those who share it take, but one that takes nothing for two
 * seconds is let go.
 */
export class EventHub {
  private ring: EventRing | undefined;

  constructor(private readonly options: EventHubOptions) {}

  /** Events after `position` (exclusive; -1: from the first). */
  open(position: bigint): SharedFeed {
    return new SharedFeed(this, position);
  }

  /**
   * A reader of the shared subscription, if that has come to the position and everything after it is still kept.
   * @param leads it is moved to the position where it has not come so far: those behind then read alone rather than hold up the
   * one in front, and join it again
   */
  attach(position: bigint, leads: boolean): { ring: EventRing; reader: Reader } | undefined {
    const { capacity = 4_000 } = this.options;
    if (!this.ring?.isRead || (leads && position > this.ring.reached)) {
      this.ring?.close();
      this.ring = new EventRing(position, capacity);
      const reader = this.ring.attach(position)!;
      void this.fill(this.ring);
      return { ring: this.ring, reader };
    }
    const reader = this.ring.attach(position);
    return reader && { ring: this.ring, reader };
  }

  /** A subscription of one reader's own. */
  openAlone(position: bigint): WatchedFeed {
    const { store, prefixes, watchdog = 5_000 } = this.options;
    return new WatchedFeed(store, prefixes, position, watchdog);
  }

  private async fill(ring: EventRing): Promise<void> {
    const { patience = 2_000, log } = this.options;
    while (ring.isRead) {
      const feed = this.openAlone(ring.reached);
      ring.onUnread = () => feed.drop('nobody reads it any more');
      try {
        for (;;) {
          const room = await ring.room(patience);
          if (!ring.isRead) break;
          ring.add(await feed.next(Math.min(room, PORTION)));
        }
      } catch (error) {
        if (ring.isRead) {
          log.error({ err: error }, 'subscription dropped, subscribing anew');
          await rest(200);
        }
      } finally {
        feed.drop('done');
      }
    }
  }
}

/** What one projection reads: the shared subscription while it is near enough to it, else one of its own. */
export class SharedFeed {
  private shared: { ring: EventRing; reader: Reader } | undefined;
  private own: EventFeed | undefined;
  private dropped: FeedDropped | undefined;
  private isNew = true;

  constructor(
    private readonly hub: EventHub,
    private position: bigint,
  ) {}

  /**
   * Waits for at least one event, or for the position to move past others' events.
   * @throws FeedDropped when `drop` was called, or the subscription of its own ended
   */
  async next(most: number): Promise<Arrival> {
    const arrival = await this.arrival(most);
    this.position = arrival.position;
    return arrival;
  }

  /** Ends the feed; a `next` under way fails with FeedDropped. */
  drop(reason: string): void {
    this.dropped ??= new FeedDropped(reason);
    this.own?.drop(reason);
    this.shared?.ring.detach(this.shared.reader);
  }

  private async arrival(most: number): Promise<Arrival> {
    for (;;) {
      if (this.dropped) throw this.dropped;
      if (!this.shared?.reader.attached) this.shared = this.hub.attach(this.position, this.isNew);
      this.isNew = false;
      if (!this.shared) {
        this.own ??= this.hub.openAlone(this.position);
        return this.own.next(most);
      }
      this.own?.drop('near enough to share');
      this.own = undefined;
      const { ring, reader } = this.shared;
      const arrival = ring.take(reader, most);
      if (arrival) return arrival;
      await new Promise<void>((resolve) => (reader.wake = resolve));
    }
  }
}
