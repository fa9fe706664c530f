import { isSame } from '#shared-kernel';
import type pg from 'pg';
import type { TableChanges } from './batch-rows.js';
import { copyOut, NULL, unescaped } from './copy-text.js';
import { MAX_POSITION, type ColumnType, type Row, type TableDefinition } from './projection.js';
import type { StoredVersions } from './stored-versions.js';
import type { Timeline } from './timeline.js';

/** Positions after `from`, up to `to`. */
export interface Positions {
  readonly from: bigint;
  readonly to: bigint;
}

/** A version of a row that is not what the events make of it. */
export interface RowDifference {
  readonly key: readonly string[];
  /** Where the version begins. */
  readonly fromPosition: bigint;
  /** Position of the event that should have made, or should not have made, what differs. */
  readonly position: bigint;
  readonly fault: 'missing' | 'unexpected' | 'different';
  /** What differs, of a version that is there. */
  readonly columns: readonly string[];
}

/**
 * What differs between stored versions and those that a batch of events has made of the state before: the counterpart of
 * `writeTable`. Only for those that `areAsMade` does not find to be the same.
 * @param to end of the range that is compared
 */
export function compareTable(
  { begun, ended }: StoredVersions,
  { table, opened, closed }: TableChanges,
  to: bigint,
): RowDifference[] {
  const columns = Object.keys(table.columns);
  const differences: RowDifference[] = [];
  const keyAt = table.key.map((column) => columns.indexOf(column));
  const rows = begun.map((line) => line.split('\t'));
  const stored = new Map(rows.map((fields) => [nameOf(keyAt, fields), fields]));
  for (const { row, from: position, to: end } of opened) {
    const key = table.key.map((column) => String(row[column]));
    const name = [...key, position].join(SEPARATOR);
    const fields = stored.get(name);
    stored.delete(name);
    const version = { key, fromPosition: position };
    if (!fields) {
      differences.push({ ...version, position, fault: 'missing', columns: [] });
      continue;
    }
    const differing = columns.filter(
      (column, index) => !isStored(table.columns[column]!, row, column, fields[index]!),
    );
    const storedEnd = BigInt(fields.at(-1)!);
    // What has not ended by the last event of the batch may have ended since.
    const endsAsItShould = end === MAX_POSITION ? storedEnd > to : storedEnd === end;
    if (differing.length > 0)
      differences.push({ ...version, position, fault: 'different', columns: differing });
    else if (!endsAsItShould) {
      const endsAt = storedEnd < end ? storedEnd : end;
      differences.push({ ...version, position: endsAt, fault: 'different', columns: ['to_position'] });
    }
  }
  for (const fields of stored.values()) {
    const position = BigInt(fields.at(-2)!);
    const key = keyAt.map((index) => unescaped(fields[index]!));
    differences.push({ key, fromPosition: position, position, fault: 'unexpected', columns: [] });
  }
  return [...differences, ...compareEnds(ended, closed)];
}

/** Of versions that hold before the batch: each ends where an event ends it, and nowhere else. */
function compareEnds(ended: StoredVersions['ended'], closed: TableChanges['closed']): RowDifference[] {
  const expected = new Map(closed.map((end) => [[...end.key, end.position].join(SEPARATOR), end]));
  const unexpected = ended
    .map((line) => line.split('\t').map(unescaped))
    .filter((fields) => {
      const [key, end] = [fields.slice(0, -2), fields.at(-1)!];
      return !expected.delete([...key, end].join(SEPARATOR));
    });
  const difference = (key: readonly string[], fromPosition: bigint, position: bigint): RowDifference => ({
    ...{ key, fromPosition, position },
    ...{ fault: 'different', columns: ['to_position'] },
  });
  return [
    ...unexpected.map((fields) =>
      difference(fields.slice(0, -2), BigInt(fields.at(-2)!), BigInt(fields.at(-1)!)),
    ),
    ...[...expected.values()].map(({ key, position }) => difference(key, -1n, position)),
  ];
}

/** The same for the times of a projection's events, as `readTimes` has them; the key is the position. */
export function compareTimeline(lines: readonly string[], { times, positions }: Timeline): RowDifference[] {
  const stored = new Map(lines.map((line) => line.split('\t') as [string, string]));
  const differences: RowDifference[] = [];
  const differ = (position: bigint, fault: RowDifference['fault'], columns: readonly string[] = []) =>
    differences.push({ key: [String(position)], fromPosition: position, position, fault, columns });
  positions.forEach((position, index) => {
    const name = String(position);
    const time = stored.get(name);
    if (time === undefined) differ(position, 'missing');
    else if (Number(time) !== times[index]) differ(position, 'different', ['recorded_at']);
    stored.delete(name);
  });
  for (const position of stored.keys()) differ(BigInt(position), 'unexpected');
  return differences;
}

/** Versions that begin or end where the projection has not come yet, or before the first event. */
export async function findBeyond(
  client: pg.ClientBase,
  schema: string,
  table: TableDefinition,
): Promise<RowDifference[]> {
  // One statement, so that a batch applied meanwhile moves rows and checkpoint as one. A checkpoint behind the projection's own
  // events is a fault by itself, not one of all rows after it.
  const applied = `(select greatest(position, (select max(position) from ${schema}.timeline))
    from public.projection where name = '${schema}')`;
  const rows = await copyOut(
    client,
    `select ${table.key.join(', ')}, from_position,
       case when from_position > ${applied} or from_position < 0 then from_position else to_position end
     from ${schema}.${table.name}
     where from_position > ${applied} or from_position < 0 or to_position < from_position
       or (to_position > ${applied} and to_position < ${MAX_POSITION})`,
  );
  return rows
    .map((line) => line.split('\t').map(unescaped))
    .map((fields) => ({
      key: fields.slice(0, -2),
      fromPosition: BigInt(fields.at(-2)!),
      position: BigInt(fields.at(-1)!),
      fault: 'unexpected',
      columns: [],
    }));
}

const SEPARATOR = '\u0000';

function nameOf(keyAt: readonly number[], fields: readonly string[]): string {
  return [...keyAt.map((index) => unescaped(fields[index]!)), fields.at(-2)].join(SEPARATOR);
}

function isStored(type: ColumnType, row: Row, column: string, field: string): boolean {
  const value = row[column] ?? null;
  if (value === null || field === NULL) return value === null && field === NULL;
  if (type === 'jsonb') return isSame(JSON.parse(unescaped(field)), JSON.parse(JSON.stringify(value)));
  if (type === 'timestamptz') return Number(field) === Date.parse(String(value)) * 1_000;
  if (type === 'boolean') return field === (value ? 't' : 'f');
  return unescaped(field) === String(value);
}
