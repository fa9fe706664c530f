import type { AllStreamSubscription, ResolvedEvent } from '@eventstore/db-client';
import type { EventStore } from '../store/event-store.js';

/** The subscription ended, by error, cleanly, or silently. Resume from the checkpoint. */
export class FeedDropped extends Error {
  override name = 'FeedDropped';
}

/** What arrived together. Without events, the position alone moved: nothing up to it concerns the subscriber. */
export interface Arrival {
  readonly events: readonly ResolvedEvent[];
  readonly position: bigint;
}

const BUFFER = 4_000;

/**
 * One catch-up subscription, read in batches of whatever has arrived. Memory is bounded: reading stops while BUFFER events
 * wait. The client reports a checkpoint when it is RECEIVED, ahead of events still buffered, so one counts only once
 * nothing received before it is left.
 */
export class EventFeed {
  private readonly subscription: AllStreamSubscription;
  private readonly waiting: ResolvedEvent[] = [];
  private checkpoint: bigint;
  private failure: Error | undefined;
  private wake: () => void = () => undefined;
  private drained: () => void = () => undefined;
  /** Position of the newest event or checkpoint received. */
  received: bigint;

  /** Starts after `position` (exclusive; -1: at the first event). */
  constructor(
    store: EventStore,
    prefixes: readonly string[],
    private position: bigint,
  ) {
    this.checkpoint = this.received = position;
    this.subscription = store.subscribe(
      prefixes,
      position,
      (_, reached) => {
        this.checkpoint = reached;
        this.arrived(reached);
      },
      BUFFER,
    );
    void this.pump();
  }

  /**
   * Waits for at least one event, or for the position to move past others' events.
   * @throws FeedDropped
   */
  async next(most: number): Promise<Arrival> {
    for (;;) {
      if (this.waiting.length > 0) return this.take(most);
      if (this.failure) throw this.failure;
      if (this.checkpoint > this.position) {
        // Let an event that is between the client's buffer and ours arrive first.
        await new Promise(setImmediate);
        if (this.waiting.length === 0 && this.subscription.readableLength === 0) {
          this.position = this.checkpoint;
          return { events: [], position: this.position };
        }
        continue;
      }
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  /** Ends the feed; a `next` under way fails with FeedDropped. */
  drop(reason: string): void {
    this.fail(new FeedDropped(reason));
    // The client cannot cancel a call that never came about; then there is nothing to cancel.
    void this.subscription.unsubscribe().catch(() => undefined);
    this.subscription.destroy();
  }

  private take(most: number): Arrival {
    const events = this.waiting.splice(0, most);
    this.drained();
    this.position = events.at(-1)!.event!.position!.commit;
    return { events, position: this.position };
  }

  private async pump(): Promise<void> {
    try {
      for await (const resolved of this.subscription) {
        if (!resolved.event) continue;
        this.waiting.push(resolved);
        this.arrived(resolved.event.position!.commit);
        if (this.waiting.length >= BUFFER) await new Promise<void>((resolve) => (this.drained = resolve));
      }
      this.fail(new FeedDropped('the event store ended the subscription'));
    } catch (error) {
      this.fail(new FeedDropped(error instanceof Error ? error.message : String(error), { cause: error }));
    }
  }

  private arrived(position: bigint): void {
    if (position > this.received) this.received = position;
    this.wake();
  }

  private fail(failure: Error): void {
    this.failure ??= failure;
    this.wake();
    this.drained();
  }
}
