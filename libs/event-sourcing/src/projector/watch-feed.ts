import type { EventStore } from '../store/event-store.js';
import type { EventFeed } from './event-feed.js';

/**
 * Drops a feed that waits, and received nothing from one look to the next, although the head had moved past it.
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
    void store.head(prefixes, feed.position).then(
      (head) => {
        const isBehind = feed.isWaiting && head !== undefined && head.position > feed.position;
        if (isBehind && missedAt === feed.position)
          feed.drop('the subscription went silent while the store moved on');
        missedAt = isBehind ? feed.position : undefined;
      },
      () => undefined,
    );
  }, every).unref();
}
