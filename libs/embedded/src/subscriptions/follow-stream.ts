import { TOMBSTONE_REVISION } from '../storage/event.js';
import type { EventLog } from '../storage/log.js';
import type { Subscriber } from './subscriber.js';

/** The stream was ended for good. */
export class StreamTombstoned extends Error {
  override name = 'StreamTombstoned';
}

/**
 * Sends a stream from `revision` on, included, first from the table, then as it is written, until the signal is aborted.
 * The stream need not exist yet.
 * @throws StreamTombstoned, StorageUnavailable
 */
export async function followStream(
  log: EventLog,
  subscriber: Subscriber,
  stream: string,
  revision: number,
): Promise<void> {
  let next = revision;
  while (!subscriber.signal.aborted) {
    // Taken before the look at the table: what is not in the table then comes after it.
    let cursor = log.tail.head;
    const visible = await log.visible(stream);
    if (visible.state === 'tombstoned') throw new StreamTombstoned(`${stream} is deleted`);
    if (visible.state === 'exists') {
      for await (const page of log.stream(stream, 'forwards', next, visible)) {
        for (const event of page) {
          await subscriber.event(event);
          next = event.revision + 1;
        }
        if (subscriber.signal.aborted) return;
      }
    }
    for (let live = false; !subscriber.signal.aborted;) {
      const recent = log.tail.after(cursor);
      if (recent === undefined) break;
      for (const event of recent) {
        cursor = event.position;
        if (event.stream !== stream || event.revision < next) continue;
        await subscriber.event(event);
        next = event.revision + 1;
        if (event.revision !== TOMBSTONE_REVISION) continue;
        await subscriber.flush();
        throw new StreamTombstoned(`${stream} is deleted`);
      }
      if (recent.length === 0) {
        if (!live) await subscriber.caughtUp();
        live = true;
        await log.tail.beyond(cursor, subscriber.signal);
      } else if (live) await subscriber.flush();
    }
  }
}
