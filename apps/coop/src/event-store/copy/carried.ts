import { isUtf8 } from 'node:buffer';
import type { RawEvent } from '#event-sourcing';
import { appendSize, LARGEST_APPEND } from './raw-event.js';

/** Under this name the metadata of a copied event says when it was stored first, such as 2026-11-24T12:00:00.1234567Z. */
const ORIGINAL_CREATED = 'originalCreated';

const TICKS_PER_MILLISECOND = 10_000n;

/**
 * The event as the target is to hold it: the same, and in its metadata when the source stored it. Metadata that is no JSON object
 * is left alone, so is that of an event which has no room for more, or says it already, being a copy itself.
 */
export function carried(event: RawEvent): RawEvent {
  const metadata = withCreated(event.metadata, BigInt(event.created));
  if (!metadata || appendSize({ ...event, metadata }) > LARGEST_APPEND) return event;
  return { ...event, metadata };
}

/** Adds to the text itself: written anew by way of JSON.parse it might come out differently. */
function withCreated(metadata: Uint8Array, created: bigint): Uint8Array | undefined {
  const added = `"${ORIGINAL_CREATED}":"${isoTime(created)}"}`;
  if (metadata.length === 0) return Buffer.from(`{${added}`);
  if (!isUtf8(metadata)) return undefined;
  const text = Buffer.from(metadata).toString().trimEnd();
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined;
  if (Object.hasOwn(parsed, ORIGINAL_CREATED)) return undefined;
  const comma = Object.keys(parsed).length > 0 ? ',' : '';
  return Buffer.from(`${text.slice(0, -1)}${comma}${added}`);
}

function isoTime(ticks: bigint): string {
  const milliseconds = new Date(Number(ticks / TICKS_PER_MILLISECOND)).toISOString().slice(0, -1);
  return `${milliseconds}${String(ticks % TICKS_PER_MILLISECOND).padStart(4, '0')}Z`;
}
