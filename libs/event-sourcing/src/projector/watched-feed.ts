import type { EventStore } from '../store/event-store.js';
import { EventFeed } from './event-feed.js';

/** A feed that is dropped when it waits, and received nothing from one look to the next, although the head had moved past it. */
export class WatchedFeed extends EventFeed {
  private readonly watchdog: NodeJS.Timeout;
  private missedAt: bigint | undefined;

  /** @param every milliseconds between looks */
  constructor(
    private readonly store: EventStore,
    private readonly prefixes: readonly string[],
    position: bigint,
    every: number,
  ) {
    super(store, prefixes, position);
    this.watchdog = setInterval(() => void this.look().catch(() => undefined), every).unref();
  }

  override drop(reason: string, cause?: unknown): void {
    clearInterval(this.watchdog);
    super.drop(reason, cause);
  }

  private async look(): Promise<void> {
    const head = await this.store.head(this.prefixes, this.position);
    const isBehind = this.isWaiting && head !== undefined && head.position > this.position;
    if (isBehind && this.missedAt === this.position)
      this.drop('the subscription went silent while the store moved on');
    this.missedAt = isBehind ? this.position : undefined;
  }
}
