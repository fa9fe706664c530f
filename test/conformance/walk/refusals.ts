import {
  ANY,
  NO_STREAM,
  StreamDeletedError,
  StreamNotFoundError,
  WrongExpectedVersionError,
  type AppendExpectedRevision,
} from '@eventstore/db-client';
import type { Refused } from './model-event.js';

/** A refusal as the client throws it, field by field; anything else is thrown on. */
export function refusalOf(error: unknown): object {
  if (error instanceof WrongExpectedVersionError) {
    const { streamName, expectedVersion, actualVersion } = error;
    return { refused: 'WrongExpectedVersion', streamName, expectedVersion, actualVersion };
  }
  if (error instanceof StreamDeletedError) return { refused: 'StreamDeleted', streamName: error.streamName };
  if (error instanceof StreamNotFoundError)
    return { refused: 'StreamNotFound', streamName: error.streamName };
  throw error;
}

/** What the client makes of the model's refusal of a read or a subscription. */
export function refusalOfRead({ refused, stream }: Refused): object {
  return { refused, streamName: stream };
}

export function refusalOfAppend(refusal: Refused, expected: AppendExpectedRevision): object {
  if (refusal.actual === undefined) return refusalOfRead(refusal);
  const actualVersion = refusal.actual < 0 ? NO_STREAM : BigInt(refusal.actual);
  return { ...refusalOfRead(refusal), expectedVersion: expected, actualVersion };
}

/** A deletion is refused in trailers, which know numbers only. */
export function refusalOfDelete(refusal: Refused, expected: AppendExpectedRevision): object {
  if (refusal.actual === undefined) return refusalOfRead(refusal);
  const expectedVersion = expected === ANY ? -2n : expected === NO_STREAM ? -1n : expected;
  return { ...refusalOfRead(refusal), expectedVersion, actualVersion: BigInt(refusal.actual) };
}
