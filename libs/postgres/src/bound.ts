/** A state of a read model, fixed for good: later events change nothing in it. */
export interface Bound {
  /** Commit position of the newest event in it; -1 when there is none. */
  readonly position: string;
  /** RFC 3339 UTC: nothing recorded later is in it. */
  readonly time: string;
  /** Nothing newer is stored, so current versions are the ones that hold. */
  readonly newest: boolean;
}

/** In a projection's tables, the condition for the versions of table `t` that hold at the position given as `parameter`. */
export function holds(bound: Bound, t: string, parameter = '$1'): string {
  // Names the parameter either way, since PostgreSQL refuses one that a statement does not use.
  return bound.newest
    ? `(${t}.to_position = 9223372036854775807 and ${parameter}::bigint is not null)`
    : `(${t}.from_position <= ${parameter}::bigint and ${t}.to_position > ${parameter}::bigint)`;
}
