import type { END, START } from '@eventstore/db-client';

/** Where reading begins: a revision of a stream, or an index in `$all`. */
export type From = typeof START | typeof END | number;

/** Revision of the event that ends a stream for good: 2^63 - 1, as a number. */
export const TOMBSTONE = 2 ** 63;

export interface ModelEvent {
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  /** JSON; undefined: no bytes at all. */
  readonly data: unknown;
  /** Undefined: of the server's choice. */
  readonly id?: string | undefined;
  /** Its place in `$all`, from 0. */
  readonly index: number;
}

/** `id` undefined: of the client's choice. */
export interface Proposed {
  readonly id?: string;
  readonly type: string;
  readonly data: unknown;
}

/** `positionOf`: the event whose position is answered, or any position that is not before the newest event's, or none. */
export interface Written {
  readonly revision: number;
  readonly positionOf: ModelEvent | 'newest' | undefined;
}

export interface Refused {
  readonly refused: 'WrongExpectedVersion' | 'StreamDeleted' | 'StreamNotFound';
  readonly stream: string;
  /** With WrongExpectedVersion: of the stream's last event; -1 without any. */
  readonly actual?: number;
}

/** What a subscription is to deliver, growing, and what ends it. */
export interface Followed {
  readonly events: ModelEvent[];
  refused?: Refused;
}
