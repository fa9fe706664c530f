import type { AuditEvent } from './audit-event.js';

/** An event as JSON, in one form or another. */
export type Form = (event: AuditEvent) => object;

/** What has been given out so far. */
export interface Progress {
  count: number;
  /** Of the last event; null before the first. */
  lastPosition: string | null;
}

/** Characters sent together. */
const BATCH = 64 * 1024;

/**
 * One line of JSON an event and, at the end, `{"count":…,"lastPosition":…}`: an export without it was cut off.
 * @yields some lines at a time
 */
export async function* lines(
  events: AsyncIterable<AuditEvent>,
  form: Form,
  progress: Progress = { count: 0, lastPosition: null },
): AsyncGenerator<string> {
  let batch = '';
  for await (const event of events) {
    batch += `${JSON.stringify(form(event))}\n`;
    progress.count++;
    progress.lastPosition = event.position;
    if (batch.length < BATCH) continue;
    yield batch;
    batch = '';
  }
  const { count, lastPosition } = progress;
  yield `${batch}${JSON.stringify({ count, lastPosition })}\n`;
}

/** JSON texts of a page, and the cursor of the next one; null when this is the last. */
export interface Page {
  readonly items: readonly string[];
  readonly next: string | null;
}

/** Characters of a page: fewer events than were asked for may fill it. */
const LARGEST = 8 * 1024 * 1024;

/** @param events one more than `limit` of them, if there are */
export async function page(events: AsyncIterable<AuditEvent>, limit: number, form: Form): Promise<Page> {
  const items: string[] = [];
  let last: string | null = null;
  let length = 0;
  for await (const event of events) {
    if (items.length === limit || length >= LARGEST) return { items, next: last };
    const text = JSON.stringify(form(event));
    items.push(text);
    length += text.length;
    last = event.position;
  }
  return { items, next: null };
}
