import type { StoredEvent } from '../recorded-event.js';
import { asStored } from '../store/as-stored.js';
import type { EventStore, Subscription } from '../store/event-store.js';
import type { ReadAnswer } from '../store/read-answer.js';

/** The subscription ended, by error, cleanly, or silently. Resume from the checkpoint. */
export class FeedDropped extends Error {
  override name = 'FeedDropped';
}

/** What arrived together. Without events, the position alone moved: nothing up to it concerns the subscriber. */
export interface Arrival {
  readonly events: readonly StoredEvent[];
  readonly position: bigint;
}

/** One catch-up subscription, read in batches of whatever has arrived. */
export class EventFeed {
  private readonly subscription: Subscription;
  private answers: readonly ReadAnswer[] = [];
  /** How many of them are taken. */
  private taken = 0;
  private failure: FeedDropped | undefined;
  /** Whether a `next` is waiting for something to arrive. */
  isWaiting = false;

  /** Starts after `position` (exclusive; -1: at the first event); it moves with what is taken. */
  constructor(
    store: EventStore,
    prefixes: readonly string[],
    public position: bigint,
  ) {
    this.subscription = store.subscribe(prefixes, position);
  }

  /**
   * Waits for at least one event, or for the position to move past others' events.
   * @throws FeedDropped
   */
  async next(most: number): Promise<Arrival> {
    for (;;) {
      const before = this.position;
      const events = this.take(most);
      if (this.position > before) return { events, position: this.position };
      await this.arrival();
    }
  }

  /** Ends the feed; a `next` under way fails with FeedDropped. */
  drop(reason: string, cause?: unknown): void {
    this.failure ??= new FeedDropped(reason, { cause });
    this.subscription.cancel();
  }

  private take(most: number): StoredEvent[] {
    const events: StoredEvent[] = [];
    for (; this.taken < this.answers.length && events.length < most; this.taken++) {
      const { event, checkpoint } = this.answers[this.taken]!;
      const reached = event?.position.commit ?? checkpoint;
      // What was taken before may be delivered again: a second time it would be applied twice.
      if (reached === undefined || reached <= this.position) continue;
      if (event) events.push(asStored(event));
      this.position = reached;
    }
    return events;
  }

  private async arrival(): Promise<void> {
    this.isWaiting = true;
    try {
      const answers = await this.subscription.next();
      if (!answers) this.drop('the event store ended the subscription');
      this.answers = answers ?? [];
      this.taken = 0;
    } catch (error) {
      this.drop(error instanceof Error ? error.message : String(error), error);
    } finally {
      this.isWaiting = false;
    }
    if (this.failure) throw this.failure;
  }
}
