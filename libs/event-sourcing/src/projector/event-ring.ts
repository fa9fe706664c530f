import type { StoredEvent } from '../recorded-event.js';
import type { Arrival } from './event-feed.js';

/** One that takes from a ring. */
export interface Reader {
  /** Number of the event it takes next, counted from the ring's first. */
  at: number;
  /** Up to where it has taken everything. */
  position: bigint;
  /** False once the ring has let it go, or it has left. */
  attached: boolean;
  wake: () => void;
}

/** The newest events of a feed, in their order, for several that read it at about the same place. */
export class EventRing {
  private readonly events: StoredEvent[] = [];
  /** Number of the oldest event kept. */
  private first = 0;
  /** Everything after this position, up to `reached`, is kept. */
  private floor: bigint;
  private readonly readers = new Set<Reader>();
  private taken: () => void = () => undefined;
  /** Called when the last reader has left. */
  onUnread: () => void = () => undefined;

  /**
   * @param reached position up to where the feed has come
   * @param capacity events kept; somewhat more while a reader has still to take them
   */
  constructor(
    public reached: bigint,
    private readonly capacity: number,
  ) {
    this.floor = reached;
  }

  get isRead(): boolean {
    return this.readers.size > 0;
  }

  /** A reader of everything after the position; none when that is not all kept, or the feed has not come so far. */
  attach(position: bigint): Reader | undefined {
    if (position < this.floor || position > this.reached) return undefined;
    const reader: Reader = {
      at: this.first + firstAfter(this.events, position),
      position,
      attached: true,
      wake: () => undefined,
    };
    this.readers.add(reader);
    return reader;
  }

  detach(reader: Reader): void {
    this.readers.delete(reader);
    reader.attached = false;
    reader.wake();
    this.taken();
    if (!this.isRead) this.onUnread();
  }

  close(): void {
    for (const reader of this.readers) this.detach(reader);
  }

  /** What there is for a reader: events, or the position alone; undefined when it has to wait. */
  take(reader: Reader, most: number): Arrival | undefined {
    const from = reader.at - this.first;
    const events = this.events.slice(from, from + most);
    if (events.length === 0 && this.reached <= reader.position) return undefined;
    reader.at += events.length;
    reader.position = events.at(-1)?.position ?? this.reached;
    this.taken();
    return { events, position: reader.position };
  }

  add({ events, position }: Arrival): void {
    this.events.push(...events);
    this.reached = position;
    const dropped = Math.min(this.events.length - this.capacity, this.slowest() - this.first);
    if (dropped > 0) {
      this.floor = this.events[dropped - 1]!.position;
      this.events.splice(0, dropped);
      this.first += dropped;
    }
    for (const reader of this.readers) reader.wake();
  }

  /**
   * Waits until there is room, or nobody reads. Readers that hold the others up and take nothing for `patience` milliseconds are
   * let go.
   * @returns how many events there is room for
   */
  async room(patience: number): Promise<number> {
    for (;;) {
      if (this.free > 0 || !this.isRead) return this.free;
      const before = [...this.readers].map((reader) => ({ reader, at: reader.at }));
      let isDue = false;
      const timer = setTimeout(() => {
        isDue = true;
        this.taken();
      }, patience);
      while (this.free <= 0 && this.isRead && !isDue)
        await new Promise<void>((resolve) => (this.taken = resolve));
      clearTimeout(timer);
      if (!isDue) continue;
      for (const { reader, at } of before) if (reader.at === at && this.hasMore(reader)) this.detach(reader);
    }
  }

  private get free(): number {
    return this.capacity - (this.end - this.slowest());
  }

  /** Number of the event that comes next. */
  private get end(): number {
    return this.first + this.events.length;
  }

  private hasMore(reader: Reader): boolean {
    return reader.at < this.end;
  }

  /** Number of the event that the reader furthest behind takes next. */
  private slowest(): number {
    let slowest = this.end;
    for (const { at } of this.readers) if (at < slowest) slowest = at;
    return slowest;
  }
}

/** Index of the first event after the position; they rise. */
function firstAfter(events: readonly StoredEvent[], position: bigint): number {
  let [low, high] = [0, events.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (events[middle]!.position > position) high = middle;
    else low = middle + 1;
  }
  return low;
}
