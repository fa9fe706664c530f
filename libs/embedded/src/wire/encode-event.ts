import { TOMBSTONE_REVISION, type StoredEvent } from '../storage/event.js';

// ReadResp { 1: ReadEvent { 1: RecordedEvent, 3: commit_position } }
// RecordedEvent { 1: UUID, 2: StreamIdentifier { 3: name }, 3: revision, 4: prepare, 5: commit,
//                 6: map entry { 1: key, 2: value } …, 7: custom_metadata, 8: data }
const tag = (field: number, lengthDelimited: boolean) => (field << 3) | (lengthDelimited ? 2 : 0);

/** Length of a gRPC message's header. */
const HEADER = 5;
const EMPTY = Buffer.alloc(0);
const JSON_CONTENT = contentType('application/json');
const BINARY_CONTENT = contentType('application/octet-stream');
const TYPE_KEY = Buffer.from([tag(1, true), 4, ...Buffer.from('type')]);
const CREATED_KEY = Buffer.from([tag(1, true), 7, ...Buffer.from('created')]);

function contentType(value: string): Buffer {
  const key = 'content-type';
  const entry = [
    tag(1, true),
    key.length,
    ...Buffer.from(key),
    tag(2, true),
    value.length,
    ...Buffer.from(value),
  ];
  return Buffer.from([tag(6, true), entry.length, ...entry]);
}

/**
 * Many events in one buffer, each as the framed message that a `Read` answers with. Written by hand because a catch-up
 * spends most of its time here; the generated classes take ten times as long.
 */
export class EventBuffer {
  private buffer = EMPTY;
  private at = 0;
  /** Bytes taken last. */
  private last = 0;

  /** `size`: the most bytes it holds. */
  constructor(
    private readonly size: number,
    private readonly structuredIds: boolean,
  ) {}

  get isEmpty(): boolean {
    return this.at === 0;
  }

  /** Adds the event unless it does not fit; an event that never would gets a buffer of its own size. */
  add(event: StoredEvent): boolean {
    const { position, stream, type, json, data, metadata } = event;
    const streamLength = Buffer.byteLength(stream);
    const typeLength = Buffer.byteLength(type);
    const content = json ? JSON_CONTENT : BINARY_CONTENT;
    const created = `${event.created}0`;
    const id = this.structuredIds ? structuredId(event.id) : undefined;
    const isTombstone = event.revision >= TOMBSTONE_REVISION;

    const idSize = id ? id.length : field(36);
    const streamSize = field(streamLength);
    const typeSize = TYPE_KEY.length + field(typeLength);
    const createdSize = CREATED_KEY.length + field(created.length);
    const positionSize = 1 + varintSize(position);
    const recordSize =
      field(idSize) +
      field(streamSize) +
      (isTombstone ? TOMBSTONE_WIRE.length : 1 + varintSize(event.revision)) +
      2 * positionSize +
      field(typeSize) +
      content.length +
      field(createdSize) +
      (metadata.length > 0 ? field(metadata.length) : 0) +
      field(data.length);
    const eventSize = field(recordSize) + positionSize;
    const total = field(eventSize);
    const needed = this.at + HEADER + total;
    if (needed > this.size && this.at > 0) return false;
    if (needed > this.buffer.length) this.grow(needed);

    const { buffer } = this;
    buffer[this.at] = 0;
    buffer.writeUInt32BE(total, this.at + 1);
    this.at += HEADER;
    this.open(1, eventSize);
    this.open(1, recordSize);
    this.open(1, idSize);
    if (id) this.bytes(id);
    else this.text(2, event.id, 36);
    this.open(2, streamSize);
    this.text(3, stream, streamLength);
    if (isTombstone) this.bytes(TOMBSTONE_WIRE);
    else this.number(3, event.revision);
    this.number(4, position);
    this.number(5, position);
    this.open(6, typeSize);
    this.bytes(TYPE_KEY);
    this.text(2, type, typeLength);
    this.bytes(content);
    this.open(6, createdSize);
    this.bytes(CREATED_KEY);
    this.text(2, created, created.length);
    if (metadata.length > 0) {
      this.open(7, metadata.length);
      this.bytes(metadata);
    }
    this.open(8, data.length);
    this.bytes(data);
    this.number(3, position);
    return true;
  }

  /** What was added; the buffer starts anew. */
  take(): Buffer {
    const taken = this.buffer.subarray(0, this.at);
    this.buffer = EMPTY;
    this.last = this.at;
    this.at = 0;
    return taken;
  }

  /**
   * As large as what was taken last, at first: a catch-up fills whole buffers, a live event needs one of its own size, and
   * a thousand subscribers that wait hold none.
   */
  private grow(needed: number): void {
    const wanted = Math.min(this.size, Math.max(this.last, 2 * this.buffer.length));
    const larger = Buffer.allocUnsafe(Math.max(needed, wanted));
    larger.set(this.buffer.subarray(0, this.at));
    this.buffer = larger;
  }

  private open(fieldNumber: number, length: number): void {
    this.buffer[this.at++] = tag(fieldNumber, true);
    this.at = writeVarint(this.buffer, this.at, length);
  }

  private text(fieldNumber: number, value: string, length: number): void {
    this.open(fieldNumber, length);
    this.at += this.buffer.write(value, this.at);
  }

  private bytes(value: Buffer): void {
    this.buffer.set(value, this.at);
    this.at += value.length;
  }

  private number(fieldNumber: number, value: number): void {
    this.buffer[this.at++] = tag(fieldNumber, false);
    this.at = writeVarint(this.buffer, this.at, value);
  }
}

/** Revision 2^63 - 1. */
const TOMBSTONE_WIRE = Buffer.from([tag(3, false), 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]);

/** Size of a length-delimited field whose number is below 16. */
function field(length: number): number {
  return 1 + varintSize(length) + length;
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) size++;
  return size;
}

function writeVarint(buffer: Buffer, at: number, value: number): number {
  let rest = value;
  // Bit operations are for 32 bits; positions are longer.
  for (; rest >= 2 ** 31; rest = Math.floor(rest / 0x80)) buffer[at++] = (rest % 0x80) | 0x80;
  for (; rest >= 0x80; rest >>>= 7) buffer[at++] = (rest & 0x7f) | 0x80;
  buffer[at++] = rest;
  return at;
}

/** UUID { 1: Structured { 1: most significant bits, 2: least significant bits } } */
function structuredId(id: string): Buffer {
  const hex = id.replaceAll('-', '');
  const halves = [hex.slice(0, 16), hex.slice(16)].flatMap((half, index) => [
    tag(index + 1, false),
    ...bigVarint(BigInt(`0x${half}`)),
  ]);
  return Buffer.from([tag(1, true), halves.length, ...halves]);
}

function bigVarint(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return [...bytes, Number(rest)];
}
