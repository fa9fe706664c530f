import type { Refusal } from '#shared-kernel';

/** The domain said no; nothing was written. */
export class CommandRefused extends Error {
  override name = 'CommandRefused';
  constructor(readonly refusal: Refusal) {
    super(refusal.errors.map((error) => error.message).join('; '));
  }
}

/** The caller's revision (If-Match) is not the current one. */
export class StaleRevision extends Error {
  override name = 'StaleRevision';
  constructor(
    readonly expected: bigint,
    readonly actual: bigint,
  ) {
    super(`expected revision ${expected}, the current one is ${actual}`);
  }
}

/** Others kept changing the aggregate while the command was decided anew, as often as allowed. */
export class CommandConflict extends Error {
  override name = 'CommandConflict';
}

/** A command id (Idempotency-Key) came back with another command. */
export class CommandIdReused extends Error {
  override name = 'CommandIdReused';
}
