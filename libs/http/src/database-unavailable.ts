/** SQLSTATEs of a lost connection, of resources that have run out, and of a server that stops or starts. */
const SQL_STATES = /^(08...|53...|57P0.)$/;
const SYSTEM = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOTFOUND'];
/** TypeORM's, for a connection that ended within a transaction. */
const RELEASED = ['QueryRunnerAlreadyReleasedError', 'QueryRunnerProviderAlreadyReleasedError'];
/** What the driver says of itself, which has no code. */
const MESSAGES = /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered)/;

/** Whether the database could not be reached, went away or has no room: the same query may succeed later. */
export function isDatabaseUnavailable(error: unknown): boolean {
  const { code, name = '', message = '' } = (error ?? {}) as Partial<Error> & { code?: unknown };
  if (typeof code === 'string') return SQL_STATES.test(code) || SYSTEM.includes(code);
  return RELEASED.includes(name) || MESSAGES.test(message);
}
