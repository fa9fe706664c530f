import { MAX_POSITION, type Row, type Rows, type TableDefinition } from './projection.js';

/** A version of a row: in the database already (`stored`), or opened in this batch. */
interface Version {
  row: Row;
  readonly from: bigint;
  to: bigint;
  readonly stored: boolean;
}

/** What a batch changes in one table. */
export interface TableChanges {
  readonly table: TableDefinition;
  /** Stored current versions that end: key and position. */
  readonly closed: { key: readonly string[]; position: bigint }[];
  readonly opened: Version[];
}

/** Rows of one batch, folded in memory: the stored current versions it was given, and what the events make of them. */
export class BatchRows implements Rows {
  /** Position of the event being applied. */
  position = -1n;
  /** Undefined where there is no current version, as far as is known. */
  private readonly current = new Map<TableDefinition, Map<string, Version | undefined>>();
  private readonly tables = new Map<TableDefinition, TableChanges>();

  /** Adds a stored current version. */
  load(table: TableDefinition, row: Row): void {
    this.currentOf(table).set(keyOf(table, row), { row, from: -1n, to: MAX_POSITION, stored: true });
  }

  /** Puts what the current version ought to be in place of the one that was loaded. */
  replace(table: TableDefinition, key: readonly string[], row: Row | undefined): void {
    if (row) this.load(table, row);
    else this.currentOf(table).set(joined(key), undefined);
  }

  /** Whether it is known here what the current version is, or that there is none. */
  has(table: TableDefinition, key: readonly string[]): boolean {
    return this.currentOf(table).has(joined(key));
  }

  get(table: TableDefinition, key: readonly string[]): Row | undefined {
    return this.currentOf(table).get(joined(key))?.row;
  }

  put(table: TableDefinition, row: Row): void {
    const key = keyOf(table, row);
    const version = this.currentOf(table).get(key);
    if (version && sameVersion(table, version.row, row)) return;
    if (version) this.close(table, key, version);
    const opened: Version = { row, from: this.position, to: MAX_POSITION, stored: false };
    this.changesOf(table).opened.push(opened);
    this.currentOf(table).set(key, opened);
  }

  remove(table: TableDefinition, key: readonly string[]): void {
    const version = this.currentOf(table).get(joined(key));
    if (!version) throw new Error(`${table.name} ${key.join('/')} has no current version to close`);
    this.close(table, joined(key), version);
  }

  changes(): TableChanges[] {
    return [...this.tables.values()];
  }

  private close(table: TableDefinition, key: string, version: Version): void {
    const changes = this.changesOf(table);
    if (version.stored) {
      changes.closed.push({
        key: table.key.map((column) => String(version.row[column])),
        position: this.position,
      });
    } else if (version.from === this.position) {
      changes.opened.splice(changes.opened.lastIndexOf(version), 1);
    } else {
      version.to = this.position;
    }
    this.currentOf(table).set(key, undefined);
  }

  private currentOf(table: TableDefinition): Map<string, Version | undefined> {
    return getOrSet(this.current, table, () => new Map<string, Version | undefined>());
  }

  private changesOf(table: TableDefinition): TableChanges {
    return getOrSet(this.tables, table, () => ({ table, closed: [], opened: [] }));
  }
}

function sameVersion(table: TableDefinition, left: Row, right: Row): boolean {
  return Object.keys(table.columns).every((column) => same(left[column], right[column]));
}

function same(left: unknown, right: unknown): boolean {
  if (left === right || (left ?? null) === (right ?? null)) return true;
  if (typeof left === 'object' && typeof right === 'object')
    return JSON.stringify(left) === JSON.stringify(right);
  return (
    typeof left !== 'object' &&
    typeof right !== 'object' &&
    left != null &&
    right != null &&
    String(left) === String(right)
  );
}

const joined = (key: readonly string[]): string => key.join('\u0000');
const keyOf = (table: TableDefinition, row: Row): string =>
  joined(table.key.map((column) => String(row[column])));

function getOrSet<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
