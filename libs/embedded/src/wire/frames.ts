import { GrpcError, Status } from './grpc-error.js';

/** Largest message the server takes, in bytes. */
const MAX_MESSAGE = 16 * 1024 * 1024 - 10_000;
const HEADER = 5;

export interface Message {
  readonly compressed: boolean;
  readonly payload: Buffer;
}

/** Takes a byte stream apart into gRPC messages: one byte of flags, four of length, the message. */
export class FrameReader {
  private pending: Buffer[] = [];
  private size = 0;

  /** @throws GrpcError RESOURCE_EXHAUSTED */
  *read(chunk: Buffer): Generator<Message> {
    if (this.size > 0 && this.size < HEADER) this.pending = [Buffer.concat([...this.pending, chunk])];
    else this.pending.push(chunk);
    this.size += chunk.length;
    // Joined only once a message is whole, so that a large one in many chunks is copied once.
    if (this.size < this.needed()) return;
    let buffer = this.pending.length === 1 ? this.pending[0]! : Buffer.concat(this.pending);
    while (buffer.length >= HEADER) {
      const end = HEADER + lengthOf(buffer);
      if (buffer.length < end) break;
      yield { compressed: buffer[0] !== 0, payload: buffer.subarray(HEADER, end) };
      buffer = buffer.subarray(end);
    }
    this.pending = buffer.length > 0 ? [buffer] : [];
    this.size = buffer.length;
  }

  private needed(): number {
    const [first] = this.pending;
    return this.size < HEADER ? HEADER : HEADER + lengthOf(first!);
  }
}

function lengthOf(header: Buffer): number {
  const length = header.readUInt32BE(1);
  if (length > MAX_MESSAGE) {
    throw new GrpcError(Status.RESOURCE_EXHAUSTED, `message of ${length} bytes, the limit is ${MAX_MESSAGE}`);
  }
  return length;
}

/** A message as it goes over the wire. */
export function frame(message: { serializeBinary(): Uint8Array }): Buffer {
  const payload = message.serializeBinary();
  const framed = Buffer.allocUnsafe(HEADER + payload.length);
  framed[0] = 0;
  framed.writeUInt32BE(payload.length, 1);
  framed.set(payload, HEADER);
  return framed;
}
