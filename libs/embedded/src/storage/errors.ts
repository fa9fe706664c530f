/** PostgreSQL cannot be reached or cannot store. Nothing was acknowledged; whether it was written is unknown. */
export class StorageUnavailable extends Error {
  override name = 'StorageUnavailable';
}

/** Another node writes into the database. */
export class DatabaseInUseError extends StorageUnavailable {
  override name = 'DatabaseInUseError';
  constructor() {
    super(
      'another event store node writes into this database: stop that one first, or give this one a database of its own',
    );
  }
}

/** The time a write may wait is over; it was not begun. */
export class WriteExpired extends Error {
  override name = 'WriteExpired';
}

/** Whatever the database threw, as StorageUnavailable. */
export function unavailable(cause: unknown): StorageUnavailable {
  if (cause instanceof StorageUnavailable) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StorageUnavailable(`the event store's database does not store: ${reason}`, { cause });
}
