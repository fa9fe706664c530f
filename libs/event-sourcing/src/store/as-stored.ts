import type { EventMetadata, StoredEvent } from '../recorded-event.js';
import type { RawEvent } from './raw-event.js';

const TICKS_PER_MILLISECOND_DIGITS = 4;
const JSON_CONTENT = 'application/json';

/** A raw event as the application takes it; its JSON is parsed once, when it is asked for. */
export function asStored(raw: RawEvent): StoredEvent {
  return new ParsedOnDemand(raw);
}

/** One of the store's own, such as a stream's metadata or a link: nothing for the application. */
export function isSystemEvent({ type }: { readonly type: string }): boolean {
  return type.startsWith('$');
}

class ParsedOnDemand implements StoredEvent {
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  readonly revision: bigint;
  readonly position: bigint;
  readonly created: Date;
  private parsedData: { readonly value: unknown } | undefined;
  private parsedMetadata: Partial<EventMetadata> | undefined;

  constructor(private readonly raw: RawEvent) {
    this.id = raw.id;
    this.type = raw.type;
    this.stream = raw.stream;
    this.revision = raw.revision;
    this.position = raw.position.commit;
    this.created = new Date(Number(raw.created.slice(0, -TICKS_PER_MILLISECOND_DIGITS)));
  }

  get data(): object {
    const { data, contentType } = this.raw;
    this.parsedData ??= { value: contentType === JSON_CONTENT ? parsed(data) : data };
    return this.parsedData.value as object;
  }

  get metadata(): Partial<EventMetadata> {
    return (this.parsedMetadata ??= objectOf(this.raw.metadata));
  }
}

/** What only claims to be JSON stays text. */
function parsed(bytes: Uint8Array): unknown {
  const text = textOf(bytes);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Others' events may have no metadata, or bytes. */
function objectOf(metadata: Uint8Array): object {
  const value = metadata.length > 0 ? parsed(metadata) : undefined;
  return typeof value === 'object' && value !== null ? value : {};
}

function textOf({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, length).toString();
}
