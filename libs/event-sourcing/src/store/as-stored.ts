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
  private texts: { readonly data: string; readonly metadata: string } | undefined;
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

  get text(): { readonly data: string; readonly metadata: string } | undefined {
    const { data, metadata, contentType } = this.raw;
    if (contentType !== JSON_CONTENT) return undefined;
    return (this.texts ??= { data: textOf(data), metadata: textOf(metadata) });
  }

  get data(): object {
    this.parsedData ??= { value: this.text ? parsed(this.text.data) : this.raw.data };
    return this.parsedData.value as object;
  }

  get metadata(): Partial<EventMetadata> {
    return (this.parsedMetadata ??= objectOf(this.text?.metadata ?? textOf(this.raw.metadata)));
  }
}

/** What only claims to be JSON stays text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Others' events may have no metadata, or bytes. */
function objectOf(metadata: string): object {
  const value = parsed(metadata);
  return typeof value === 'object' && value !== null ? value : {};
}

function textOf({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, length).toString();
}
