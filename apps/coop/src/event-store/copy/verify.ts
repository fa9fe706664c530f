import { createHash } from 'node:crypto';
import type { Position, RawEvent } from '#event-sourcing';
import { carried } from './carried.js';
import { kindOf } from './raw-event.js';
import type { RawStore } from './raw-store.js';
import { named } from './target.js';

/** What one side holds. */
export interface Holdings {
  readonly events: number;
  /** SHA-256 over every event in the order of $all, in hexadecimal. */
  readonly hash: string;
  /** Streams that have metadata, are deleted, or both. */
  readonly settings: number;
}

export interface Verification {
  readonly source: Holdings;
  readonly target: Holdings;
  /** The first event that differs, and each stream whose metadata or deletion differs; empty when all is the same. */
  readonly differences: readonly string[];
}

/**
 * Reads both sides once, side by side, and compares every event and its place. What is kept in memory grows with the streams that
 * have metadata only.
 * @param until the last event of the source that was copied; a source in use has more by now
 */
export async function verify(
  source: RawStore,
  target: RawStore,
  until: Position | undefined,
  onProgress: (position: Position, events: number) => void,
): Promise<Verification> {
  const from = new Side(until ? source.readAll() : none(), until, carried);
  const to = new Side(target.readAll());
  const differences: string[] = [];
  for (;;) {
    const [expected, found] = await Promise.all([from.next(), to.next()]);
    if (!expected && !found) break;
    if (differences.length === 0) {
      const difference = differenceOf(expected, found);
      if (difference) differences.push(difference);
    }
    if (expected) onProgress(expected.position, from.events);
  }
  for (const stream of new Set([...from.settings.keys(), ...to.settings.keys()])) {
    if (from.settings.get(stream) !== to.settings.get(stream)) {
      differences.push(`stream ${stream}: its metadata or its deletion differs`);
    }
  }
  return { source: from.holdings(), target: to.holdings(), differences };
}

class Side {
  events = 0;
  /** By stream: a hash of its metadata, or TOMBSTONE. */
  readonly settings = new Map<string, string>();
  private readonly hash = createHash('sha256');

  constructor(
    private readonly all: AsyncGenerator<RawEvent>,
    private readonly until?: Position,
    private readonly asCarried = (event: RawEvent) => event,
  ) {}

  /** The next ordinary event; what lies between goes into the settings. */
  async next(): Promise<RawEvent | undefined> {
    for (;;) {
      const { value: event, done } = await this.all.next();
      if (done) return undefined;
      if (this.until && event.position.commit > this.until.commit) {
        await this.all.return(undefined);
        return undefined;
      }
      const kind = kindOf(event);
      if (kind === 'metadata') this.set(event.stream.slice(2), hashOf(event.data));
      else if (kind === 'tombstone') this.set(event.stream, TOMBSTONE);
      else if (kind === 'event') {
        const whole = this.asCarried(event);
        this.events++;
        for (const part of partsOf(whole)) this.hash.update(`${part.length}:`).update(part);
        return whole;
      }
    }
  }

  holdings(): Holdings {
    return { events: this.events, hash: this.hash.digest('hex'), settings: this.settings.size };
  }

  private set(stream: string, setting: string): void {
    if (this.settings.get(stream) !== TOMBSTONE) this.settings.set(stream, setting);
  }
}

const TOMBSTONE = 'tombstone';

async function* none(): AsyncGenerator<RawEvent> {}

function hashOf(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('base64');
}

function partsOf(event: RawEvent): Uint8Array[] {
  const { stream, revision, id, type, contentType, data, metadata } = event;
  return [...[stream, `${revision}`, id, type, contentType].map((text) => Buffer.from(text)), data, metadata];
}

function differenceOf(expected: RawEvent | undefined, found: RawEvent | undefined): string | undefined {
  if (!found) return `${named(expected!)} is missing in the target`;
  if (!expected) return `${named(found)} is in the target only`;
  if (named(expected) !== named(found))
    return `where the source has ${named(expected)}, the target has ${named(found)}`;
  const fields = (['type', 'contentType', 'data', 'metadata'] as const).filter(
    (field) => !Buffer.from(expected[field]).equals(Buffer.from(found[field])),
  );
  return fields.length > 0 ? `${named(expected)} differs in ${fields.join(', ')}` : undefined;
}
