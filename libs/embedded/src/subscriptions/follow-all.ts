import type { StoredEvent } from '../storage/event.js';
import type { EventLog } from '../storage/log.js';
import type { Filter } from './filter.js';
import type { Subscriber } from './subscriber.js';

/**
 * Sends `$all` after `position`, first from the table, then as it is written, until the signal is aborted. Whoever is too
 * slow for the live events continues from the table and is told again when caught up.
 * @throws StorageUnavailable
 */
export async function followAll(
  log: EventLog,
  subscriber: Subscriber,
  position: number,
  filter?: Filter,
): Promise<void> {
  let cursor = position;
  let live = false;
  let unreported = 0;

  const send = async (events: readonly StoredEvent[]) => {
    for (const event of events) {
      if (!filter || filter.matches(event)) await subscriber.event(event);
      cursor = event.position;
      if (filter && ++unreported >= filter.checkpointInterval) {
        unreported = 0;
        await subscriber.checkpoint(cursor);
      }
      if (subscriber.signal.aborted) return;
    }
  };

  while (!subscriber.signal.aborted) {
    const recent = log.tail.after(cursor);
    if (recent === undefined) {
      live = false;
      for await (const page of log.all('forwards', cursor)) {
        await send(page);
        if (subscriber.signal.aborted || cursor >= log.tail.base) break;
      }
    } else if (recent.length > 0) {
      await send(recent);
      if (live) await subscriber.flush();
    } else {
      if (!live) {
        live = true;
        unreported = 0;
        // One that began beyond the newest event has looked at nothing yet.
        if (filter && cursor > 0 && cursor <= log.tail.head) await subscriber.checkpoint(cursor);
        await subscriber.caughtUp();
      }
      await log.tail.beyond(cursor, subscriber.signal);
    }
  }
}
