import type { StoredEvent } from '../recorded-event.js';

/** An event that a projection cannot take, as it is stored and shown: nothing of the event's content. */
export interface PausingEvent {
  readonly position: string;
  readonly stream: string;
  readonly revision: string;
  readonly type: string;
  readonly eventId: string;
  readonly message: string;
  /** Where in the program it arose: a line a call, innermost first. */
  readonly stack: readonly string[];
}

/** An event that the projection cannot take. Nothing of its batch was written. */
export class PoisonEvent extends Error {
  override name = 'PoisonEvent';
  constructor(
    readonly event: StoredEvent,
    override readonly cause: unknown,
  ) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }

  describe(): PausingEvent {
    const { position, stream, revision, type, id, data } = this.event;
    const frames = framesOf(this.cause);
    return {
      position: String(position),
      stream,
      revision: String(revision),
      type,
      eventId: id,
      message: without(this.message, data),
      // What the database refuses arises in its driver: there it is where the program was told of it.
      stack: frames.length > 0 ? frames : framesOf(this),
    };
  }
}

const MOST_FRAMES = 20;

/** Calls within the program, its own files only, without where it is installed. */
function framesOf(error: unknown): string[] {
  const lines = error instanceof Error ? (error.stack ?? '').split('\n') : [];
  return lines
    .filter(
      (line) => /^\s+at /.test(line) && /\/(libs|apps)\//.test(line) && !line.includes('/node_modules/'),
    )
    .map((line) => line.trim().replace(/(file:\/\/)?\/\S*\/((libs|apps)\/)/, '$2'))
    .slice(0, MOST_FRAMES);
}

/** Shorter values would black out half of any message, and say nothing by themselves. */
const TELLING = 3;

/** Messages of the database and of JavaScript may quote what they choke on. */
function without(message: string, data: unknown): string {
  const values = leaves(data).filter(({ length }) => length >= TELLING);
  // The longest first: one may be part of another.
  const masked = values
    .toSorted((one, other) => other.length - one.length)
    .reduce((text, value) => text.replaceAll(value, '…'), message);
  return masked.slice(0, 1_000);
}

function leaves(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return value == null ? [] : [String(value)];
  return ArrayBuffer.isView(value) ? [] : Object.values(value).flatMap(leaves);
}
