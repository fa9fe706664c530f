import { ErrorType, isCommandError, WrongExpectedVersionError } from '@eventstore/db-client';
import {
  AppendTooLarge,
  StoreFull,
  StoreUnavailable,
  StreamDeleted,
  WrongExpectedRevision,
} from './errors.js';

/** Revision of a stream that does not exist. */
export const NO_REVISION = -1n;

/** What the stock client rejected with, as one of the application's errors; what is not the store's stays as it is. */
export function nameError(error: unknown, stream: string): unknown {
  if (error instanceof StoreUnavailable || !(error instanceof Error)) return error;
  if (error instanceof WrongExpectedVersionError) {
    return new WrongExpectedRevision(
      stream,
      revisionOf(error.expectedVersion),
      revisionOf(error.actualVersion),
    );
  }
  if (!isCommandError(error)) {
    // A refused port rejects with a plain Error; a bug of ours is a TypeError, ZodError or the like.
    return error.constructor === Error ? new StoreUnavailable(error.message, { cause: error }) : error;
  }
  if (error.type === ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED)
    return new AppendTooLarge(error.message, { cause: error });
  if (error.type === ErrorType.STREAM_DELETED) return new StreamDeleted(error.message, { cause: error });
  if (!PASSING.has(error.type)) return error;
  const Unavailable = FULL.test(error.message) ? StoreFull : StoreUnavailable;
  return new Unavailable(error.message, { cause: error });
}

/** Errors after which the same call may succeed; whether this one did is not known. */
const PASSING: ReadonlySet<ErrorType> = new Set([
  ErrorType.UNAVAILABLE,
  ErrorType.DEADLINE_EXCEEDED,
  ErrorType.TIMEOUT,
  ErrorType.CANCELLED,
  ErrorType.NOT_LEADER,
  ErrorType.UNKNOWN,
]);

/** As the system says it, which the store passes on. */
const FULL = /No space left on device/;

function revisionOf(version: unknown): bigint {
  return typeof version === 'bigint' ? version : NO_REVISION;
}
