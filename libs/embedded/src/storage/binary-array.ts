/** Object ids of the PostgreSQL types used. */
export const OID = { bool: 16, bytea: 17, int8: 20, text: 25, timestamptz: 1184, uuid: 2950 } as const;

/** Microseconds between PostgreSQL's epoch, 2000-01-01, and 1970. */
const EPOCH = 946_684_800_000_000;

/**
 * A one-dimensional array in PostgreSQL's binary format: ndim, has-null, element type, length, lower bound, then each
 * element with its length. Passed as a parameter it spares escaping every byte of the data.
 */
export function binaryArray(oid: number, elements: readonly Buffer[]): Buffer {
  const size = elements.reduce((sum, element) => sum + 4 + element.length, 20);
  const array = Buffer.allocUnsafe(size);
  array.writeInt32BE(elements.length === 0 ? 0 : 1, 0);
  array.writeInt32BE(0, 4);
  array.writeInt32BE(oid, 8);
  if (elements.length === 0) return array.subarray(0, 12);
  array.writeInt32BE(elements.length, 12);
  array.writeInt32BE(1, 16);
  let at = 20;
  for (const element of elements) {
    array.writeInt32BE(element.length, at);
    array.set(element, at + 4);
    at += 4 + element.length;
  }
  return array;
}

export function int8(value: number): Buffer {
  const buffer = Buffer.allocUnsafe(8);
  if (value >= 2 ** 63) buffer.writeBigInt64BE(2n ** 63n - 1n);
  else {
    buffer.writeInt32BE(Math.floor(value / 2 ** 32), 0);
    buffer.writeUInt32BE(value >>> 0, 4);
  }
  return buffer;
}

export function readInt8(buffer: Buffer, at: number): number {
  return buffer.readInt32BE(at) * 2 ** 32 + buffer.readUInt32BE(at + 4);
}

/** `microseconds` since 1970. */
export function timestamptz(microseconds: number): Buffer {
  return int8(microseconds - EPOCH);
}

export function readTimestamptz(buffer: Buffer, at: number): number {
  return readInt8(buffer, at) + EPOCH;
}

export function bool(value: boolean): Buffer {
  return Buffer.from([value ? 1 : 0]);
}

export function uuid(text: string): Buffer {
  return Buffer.from(text.replaceAll('-', ''), 'hex');
}

export function readUuid(buffer: Buffer, at: number): string {
  const hex = buffer.toString('hex', at, at + 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
