import type { RecordedEvent } from '../recorded-event.js';

/** PostgreSQL types a projected column may have. Arrays travel as JSON inside `unnest`, so none are nested. */
export type ColumnType =
  'uuid' | 'text' | 'bigint' | 'integer' | 'boolean' | 'date' | 'timestamptz' | 'jsonb';

/** A row as plain values: bigint and integer columns as number or bigint, dates as ISO text, jsonb as JSON values. */
export type Row = Record<string, unknown>;

/**
 * A system-versioned table, named `<projection>.<name>` in PostgreSQL. Beside the columns named here it has
 * `from_position` and `to_position` (bigint): the version holds for positions p with from <= p < to, and the current
 * one has to_position = MAX_POSITION. Primary key: the key columns and from_position.
 */
export interface TableDefinition {
  readonly name: string;
  /** Columns that identify a row across its versions; uuid or text. */
  readonly key: readonly string[];
  readonly columns: Readonly<Record<string, ColumnType>>;
}

/** `to_position` of a version that still holds. */
export const MAX_POSITION = 9223372036854775807n;

/** The rows as they stand at the event being applied; what is not there yet is undefined. */
export interface Rows {
  get(table: TableDefinition, key: readonly string[]): Row | undefined;
  /** Opens a version at this event's position, closing the one before. Equal rows change nothing. */
  put(table: TableDefinition, row: Row): void;
  /** Closes the current version at this event's position; nothing to close is an error of the projection. */
  remove(table: TableDefinition, key: readonly string[]): void;
}

/** A row that `apply` will `get`, or `put` over an older version, and so must be loaded before the batch. */
export interface RowReference {
  readonly table: TableDefinition;
  readonly key: readonly string[];
}

/**
 * A read model as a pure function of events. The runtime loads in one statement a table what `reads` names, applies the
 * batch in memory, and writes it with one statement a table, together with the checkpoint.
 */
export interface Projection {
  /** Also the PostgreSQL schema of its tables. */
  readonly name: string;
  /** Raise it when the same events give other rows. */
  readonly version: number;
  readonly tables: readonly TableDefinition[];
  /** Events of streams without one of these prefixes pass by, moving only the position. */
  readonly streamPrefixes: readonly string[];
  /**
   * Events are given as they are stored, whatever their data and metadata hold: one of a type or version unknown to the program
   * does not stop the projection.
   */
  readonly takesUnknown?: boolean;
  reads(event: RecordedEvent): readonly RowReference[];
  apply(event: RecordedEvent, rows: Rows): void;
}
