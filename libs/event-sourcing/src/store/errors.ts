/** The stream was not at the revision the append expected; nothing was written. */
export class WrongExpectedRevision extends Error {
  override name = 'WrongExpectedRevision';
  constructor(
    readonly stream: string,
    readonly expected: bigint,
    readonly actual: bigint,
  ) {
    super(`${stream} is at revision ${actual}, not ${expected}`);
  }
}

/** The store cannot be reached or did not answer in time. Whether an append was written is then unknown: retry with the same ids. */
export class StoreUnavailable extends Error {
  override name = 'StoreUnavailable';
}

/** The store's disk is full. It may have room later. */
export class StoreFull extends StoreUnavailable {
  override name = 'StoreFull';
}

/** What was to be written exceeds the store's limit for one append. */
export class AppendTooLarge extends Error {
  override name = 'AppendTooLarge';
}

/** The stream was deleted for good (tombstoned) in the store. */
export class StreamDeleted extends Error {
  override name = 'StreamDeleted';
}
