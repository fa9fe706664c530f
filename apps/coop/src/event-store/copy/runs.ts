import type { Position, RawEvent } from '#event-sourcing';
import { carried } from './carried.js';
import { appendSize, kindOf, LARGEST_APPEND, type Kind } from './raw-event.js';

/** Events that follow each other in $all and in one stream, as the target is to hold them: one append. */
export interface Run {
  readonly kind: Exclude<Kind, 'system'>;
  readonly stream: string;
  readonly events: RawEvent[];
  /** Of the last event, in the source. */
  readonly position: Position;
}

const MOST_EVENTS = 500;

/** Cuts $all into runs, leaving out what the source's server keeps for itself. */
export async function* runsOf(events: AsyncIterable<RawEvent>): AsyncGenerator<Run> {
  let open: { kind: Run['kind']; stream: string; events: RawEvent[]; position: Position } | undefined;
  let size = 0;
  for await (const original of events) {
    const kind = kindOf(original);
    if (kind === 'system') continue;
    const event = kind === 'event' ? carried(original) : original;
    const { stream, revision, position } = event;
    const last = open?.events.at(-1);
    size += appendSize(event);
    const follows =
      kind === 'event' &&
      open?.kind === 'event' &&
      open.stream === stream &&
      last!.revision + 1n === revision &&
      open.events.length < MOST_EVENTS &&
      size <= LARGEST_APPEND;
    if (follows) {
      open!.events.push(event);
      open!.position = position;
      continue;
    }
    if (open) yield open;
    open = { kind, stream, events: [event], position };
    size = appendSize(event);
  }
  if (open) yield open;
}
