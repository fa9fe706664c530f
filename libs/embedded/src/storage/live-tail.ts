import type { StoredEvent } from './event.js';

const MOST_EVENTS = 10_000;
const MOST_BYTES = 16 * 1024 * 1024;
/** A portion ends at this many events or bytes of data: one subscriber does not hold up the rest, nor hold much by itself. */
const PORTION = 500;
const PORTION_BYTES = 128 * 1024;

/**
 * The newest events, kept once for all subscribers. Each follows at its own pace; who falls out of the window reads the
 * table again, so a slow subscriber costs no memory.
 */
export class LiveTail {
  private events: StoredEvent[] = [];
  private bytes = 0;
  private readonly waiting = new Set<() => void>();
  /** All events after this position are kept here. */
  base = 0;
  /** Position of the newest event. */
  head = 0;

  append(events: readonly StoredEvent[]): void {
    for (const event of events) {
      this.events.push(event);
      this.bytes += sizeOf(event);
    }
    this.head = events.at(-1)!.position;
    // Twice the window before any is dropped: dropping moves the rest.
    if (this.events.length > 2 * MOST_EVENTS || this.bytes > 2 * MOST_BYTES) this.shrink();
    this.wake();
  }

  /** Starts over at `position`: what came before it has to be read from the table. */
  reset(position: number): void {
    this.events = [];
    this.bytes = 0;
    this.base = this.head = position;
    this.wake();
  }

  /** The next portion of events after `position`; undefined when some of them are no longer kept. */
  after(position: number): readonly StoredEvent[] | undefined {
    if (position < this.base) return undefined;
    const start = this.countUpTo(position);
    let end = start;
    for (let bytes = 0; end < Math.min(start + PORTION, this.events.length) && bytes < PORTION_BYTES; end++)
      bytes += sizeOf(this.events[end]!);
    return this.events.slice(start, end);
  }

  /** The newest events before `position`, newest first, up to `most` of them; none when they are not kept. */
  before(position: number, most: number): readonly StoredEvent[] {
    const end = this.countUpTo(position - 1);
    let start = end;
    for (let bytes = 0; start > Math.max(0, end - Math.min(most, PORTION)) && bytes < PORTION_BYTES; start--)
      bytes += sizeOf(this.events[start - 1]!);
    return this.events.slice(start, end).reverse();
  }

  /** Resolves when there is an event after `position`, or the signal is aborted. */
  async beyond(position: number, signal: AbortSignal): Promise<void> {
    while (this.head <= position && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const done = () => {
          signal.removeEventListener('abort', done);
          this.waiting.delete(done);
          resolve();
        };
        this.waiting.add(done);
        signal.addEventListener('abort', done);
      });
    }
  }

  /** How many of those kept are at `position` or before it. */
  private countUpTo(position: number): number {
    let [low, high] = [0, this.events.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.events[middle]!.position <= position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private shrink(): void {
    let first = Math.max(0, this.events.length - MOST_EVENTS);
    for (let index = 0; index < first; index++) this.bytes -= sizeOf(this.events[index]!);
    while (this.bytes > MOST_BYTES) this.bytes -= sizeOf(this.events[first++]!);
    this.base = this.events[first - 1]!.position;
    this.events = this.events.slice(first);
  }

  private wake(): void {
    for (const done of [...this.waiting]) done();
  }
}

function sizeOf({ data, metadata }: StoredEvent): number {
  return data.length + metadata.length;
}
