/** SQLSTATEs of a lost connection, of resources that have run out, and of a server that stops or starts. */
const SQL_STATES = /^(08...|53...|57P0.)$/;
const SYSTEM = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOTFOUND'];
/** What the driver says of itself, which has no code. */
const MESSAGES = /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered)/;

/** Whether the database could not be reached, went away or has no room: the same query may succeed later. */
export function isDatabaseUnavailable(error: unknown): boolean {
  const { code, message = '' } = (error ?? {}) as { code?: unknown; message?: string };
  if (typeof code === 'string') return SQL_STATES.test(code) || SYSTEM.includes(code);
  return MESSAGES.test(message);
}
