import type { EventStore } from '../store/event-store.js';
import type { EventFeed } from './event-feed.js';

/**
 * Drops a feed that received nothing from one look to the next although the head had moved past it.
 * @param every milliseconds between looks
 */
export function watchFeed(
  store: EventStore,
  prefixes: readonly string[],
  feed: EventFeed,
  every: number,
): NodeJS.Timeout {
  let missedAt: bigint | undefined;
  return setInterval(() => {
    void store.head(prefixes, feed.received).then(
      (head) => {
        const behind = head !== undefined && head.position > feed.received;
        if (behind && missedAt === feed.received)
          feed.drop('the subscription went silent while the store moved on');
        missedAt = behind ? feed.received : undefined;
      },
      () => undefined,
    );
  }, every).unref();
}
