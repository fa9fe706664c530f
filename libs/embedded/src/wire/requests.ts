import { isUtf8 } from 'node:buffer';
import { EXPECTED } from '../storage/decide-write.js';
import type { ProposedEvent } from '../storage/event.js';
import { originalOf } from '../storage/stream-metadata.js';
import { badRequest, missingMetadata } from './errors.js';
import type { shared } from './protocol.js';

/** Longest stream name in bytes: it, and that of its metadata stream, must fit an index entry. */
const MAX_STREAM_NAME = 2_000;
const MAX_REVISION = 2n ** 63n - 1n;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

interface Proposed {
  getId(): shared.UUID | undefined;
  getMetadataMap(): { get(key: string): string | undefined };
  getData_asU8(): Uint8Array;
  getCustomMetadata_asU8(): Uint8Array;
}

interface Expectation {
  hasNoStream(): boolean;
  hasAny(): boolean;
  hasStreamExists(): boolean;
}

/** @throws GrpcError INVALID_ARGUMENT */
export function streamNameOf(identifier: shared.StreamIdentifier | undefined): string {
  const bytes = identifier?.getStreamName_asU8() ?? new Uint8Array();
  if (!isUtf8(bytes)) throw badRequest('a stream name is UTF-8');
  const name = Buffer.from(bytes).toString();
  if (name === '' || name === '$$') throw badRequest('a stream name is required');
  const own = bytes.length - (originalOf(name) === undefined ? 0 : 2);
  if (own > MAX_STREAM_NAME)
    throw badRequest(`stream names have at most ${MAX_STREAM_NAME} bytes, ${name.slice(0, 50)}… has ${own}`);
  if (name.includes('\0')) throw badRequest('a stream name cannot hold U+0000');
  return name;
}

/** Of a stream to be written or deleted. @throws GrpcError INVALID_ARGUMENT */
export function writableStreamOf(identifier: shared.StreamIdentifier | undefined): string {
  const name = streamNameOf(identifier);
  if (name === '$all') throw badRequest('$all is every stream together, and none to be written');
  return name;
}

/** @throws GrpcError INVALID_ARGUMENT */
export function uuidOf(uuid: shared.UUID | undefined): string {
  const text = uuid?.hasStructured()
    ? fromHalves(uuid.getStructured()!)
    : (uuid?.getString() ?? '').toLowerCase();
  if (!UUID.test(text)) throw badRequest(`'${text}' is not a UUID`);
  return text;
}

function fromHalves(halves: shared.UUID.Structured): string {
  const hex = [halves.getMostSignificantBits(), halves.getLeastSignificantBits()]
    .map((half) => BigInt.asUintN(64, BigInt(half)).toString(16).padStart(16, '0'))
    .join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** @throws GrpcError INVALID_ARGUMENT */
export function proposedEvent(message: Proposed): ProposedEvent {
  const type = message.getMetadataMap().get('type');
  const contentType = message.getMetadataMap().get('content-type');
  if (!type || contentType === undefined) throw missingMetadata();
  if (type.includes('\0')) throw badRequest('an event type cannot hold U+0000');
  return {
    id: uuidOf(message.getId()),
    type,
    json: contentType === 'application/json',
    data: bufferOf(message.getData_asU8()),
    metadata: bufferOf(message.getCustomMetadata_asU8()),
  };
}

/**
 * The expected revision; `revision` is what the message carries when none of the flags is set.
 * @throws GrpcError INVALID_ARGUMENT
 */
export function expectedOf(options: Expectation, revision: string): number {
  if (options.hasAny()) return EXPECTED.ANY;
  if (options.hasNoStream()) return EXPECTED.NO_STREAM;
  if (options.hasStreamExists()) return EXPECTED.STREAM_EXISTS;
  if (BigInt(revision) > MAX_REVISION) throw badRequest(`revisions go up to ${MAX_REVISION}`);
  return Number(revision);
}

/** Bytes an event counts towards the largest append. */
export function appendSize({ type, data, metadata }: ProposedEvent): number {
  return data.length + metadata.length + 2 * type.length;
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
