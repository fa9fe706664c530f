import { AggregateNotFound, CommandRefused, StoreUnavailable } from '#event-sourcing';
import { Problem } from '#http';
import { InvalidConfig, Refused } from '#process';

const EXPECTED = [Refused, InvalidConfig, StoreUnavailable, AggregateNotFound, CommandRefused, Problem];

/** What to tell a person who started a program: a sentence for what they can mend, the stack for what is a bug of ours. */
export async function explain(error: unknown): Promise<string> {
  // Connecting by name tries several addresses, and fails with what each of them said.
  if (error instanceof AggregateError && error.errors.length > 0) return explain(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  // Loaded only here: most programs have no embedded store.
  const { DataFolderInUseError, DatabaseInUseError, NotAFolderError, StorageUnavailable } =
    await import('#embedded');
  const ofEmbedded = [DataFolderInUseError, DatabaseInUseError, NotAFolderError, StorageUnavailable];
  if ([...EXPECTED, ...ofEmbedded].some((type) => error instanceof type)) return error.message;
  if ('syscall' in error) return `${error.message}${adviceOn(error as NodeJS.ErrnoException)}`;
  return error.stack ?? error.message;
}

function adviceOn({ code, syscall }: NodeJS.ErrnoException): string {
  if (code === 'ECONNREFUSED') return '\nNothing listens there: check EVENTSTOREDB_URL and DATABASE_URL.';
  if (code === 'EACCES' || code === 'EROFS' || syscall === 'mkdir')
    return '\nSet DATA_DIR to a folder that this user may write to.';
  return '';
}
