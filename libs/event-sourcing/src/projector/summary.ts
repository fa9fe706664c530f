import type { RowDifference } from './compare-table.js';
import type { Projection } from './projection.js';
import type { Sql } from './table-sql.js';

/** What of a summary is not what the rows come to. */
export interface SummaryDifference extends RowDifference {
  /** One of its tables. */
  readonly table: string;
}

/**
 * Rows made of a projection's rows rather than of events, so that what was added up once need not be again. They lie in the
 * projection's schema and go with its rows: when those are made anew, these are. Whatever the steps in which they are made, they come
 * out the same.
 */
export interface Summary {
  /** Name of the projection. */
  readonly of: string;
  /** Names of its tables. Who writes holds the first one's lock, readers need none. */
  readonly tables: readonly [string, ...string[]];
  /** Whether `advance` has something to do; a cheap look. `schema`: of the projection's rows. */
  isDue(sql: Sql, schema: string): Promise<boolean>;
  /**
   * Goes on, some way, with the rows that hold up to a position. To be called in a transaction that has the lock.
   * @returns whether there is more to do
   */
  advance(sql: Sql, schema: string, upTo: bigint): Promise<boolean>;
  /** What differs, up to a position that the rows have reached, from what they come to. That it is behind is no difference. */
  differences(sql: Sql, schema: string, upTo: bigint): AsyncIterable<SummaryDifference>;
}

/** All that is emptied when a projection is made anew. Who advances a summary has its lock before it reads the rows, so that comes first. */
export function tablesOf({ name, tables }: Projection, summaries: readonly Summary[]): string[] {
  const own = summaries.filter((summary) => summary.of === name).flatMap((summary) => summary.tables);
  return [...own, ...tables.map((table) => table.name), 'timeline'].map((table) => `${name}.${table}`);
}
