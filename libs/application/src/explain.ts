import { DataFolderInUseError, DatabaseInUseError, NotAFolderError, StorageUnavailable } from '#embedded';
import { AggregateNotFound, CommandRefused, StoreUnavailable } from '#event-sourcing';
import { Problem } from '#http';
import { InvalidConfig } from './config.js';

/** The program was asked for something that cannot be; the message says what, and what to do. */
export class Refused extends Error {
  override name = 'Refused';
}

const EXPECTED = [
  Refused,
  InvalidConfig,
  DataFolderInUseError,
  DatabaseInUseError,
  NotAFolderError,
  StorageUnavailable,
  StoreUnavailable,
  AggregateNotFound,
  CommandRefused,
  Problem,
];

/** What to tell a person who started a program: a sentence for what they can mend, the stack for what is a bug of ours. */
export function explain(error: unknown): string {
  // Connecting by name tries several addresses, and fails with what each of them said.
  if (error instanceof AggregateError && error.errors.length > 0) return explain(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  if (EXPECTED.some((type) => error instanceof type)) return error.message;
  if ('syscall' in error) return `${error.message}${adviceOn(error as NodeJS.ErrnoException)}`;
  return error.stack ?? error.message;
}

function adviceOn({ code, syscall }: NodeJS.ErrnoException): string {
  if (code === 'ECONNREFUSED') return '\nNothing listens there: check EVENTSTOREDB_URL and DATABASE_URL.';
  if (code === 'EACCES' || code === 'EROFS' || syscall === 'mkdir')
    return '\nSet DATA_DIR to a folder that this user may write to.';
  return '';
}
