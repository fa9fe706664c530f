import { StorageUnavailable, WriteExpired } from '../storage/errors.js';
import { GrpcError, Status } from './grpc-error.js';

/** Largest append, in bytes of data, metadata and twice the type names. */
export const MAX_APPEND_SIZE = 1024 * 1024;

export function badRequest(message: string): GrpcError {
  return new GrpcError(Status.INVALID_ARGUMENT, message);
}

export function streamDeleted(stream: string): GrpcError {
  return new GrpcError(Status.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, {
    exception: 'stream-deleted',
    'stream-name': stream,
  });
}

/** For Delete and Tombstone; an append answers it in band. */
export function wrongExpectedVersion(stream: string, expected: number, current: number): GrpcError {
  return new GrpcError(
    Status.FAILED_PRECONDITION,
    `Delete failed due to WrongExpectedVersion. Stream: ${stream}, Expected version: ${expected}, Actual version: ${current}`,
    {
      exception: 'wrong-expected-version',
      'stream-name': stream,
      'expected-version': String(expected),
      'actual-version': String(current),
    },
  );
}

export function appendTooLarge(): GrpcError {
  return new GrpcError(Status.INVALID_ARGUMENT, `Maximum Append Size of ${MAX_APPEND_SIZE} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(MAX_APPEND_SIZE),
  });
}

export function missingMetadata(): GrpcError {
  return new GrpcError(Status.INVALID_ARGUMENT, 'Required Metadata Property is missing', {
    exception: 'missing-required-metadata-property',
    'required-metadata-properties': 'type,content-type',
  });
}

/** What the storage throws, as clients know it. */
export function toGrpcError(error: unknown): GrpcError {
  if (error instanceof StorageUnavailable) return new GrpcError(Status.UNAVAILABLE, error.message);
  if (error instanceof WriteExpired)
    return new GrpcError(Status.ABORTED, `Operation timed out: ${error.message}`);
  return GrpcError.of(error);
}
