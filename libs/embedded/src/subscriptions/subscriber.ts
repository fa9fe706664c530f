import type { StoredEvent } from '../storage/event.js';

/** Where a subscription goes. Each promise resolves when there is room for more. */
export interface Subscriber {
  /** Aborted when the client has gone or the node stops. */
  readonly signal: AbortSignal;
  event(event: StoredEvent): Promise<void> | undefined;
  /** Everything up to the position has been looked at. */
  checkpoint(position: number): Promise<void>;
  /** From here on events come as they are written. */
  caughtUp(): Promise<void>;
  /** Sends what was gathered. */
  flush(): Promise<void>;
}
