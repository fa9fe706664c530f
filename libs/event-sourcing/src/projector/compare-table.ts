import { text } from 'node:stream/consumers';
import { isSame } from '#shared-kernel';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { MAX_POSITION, type ColumnType, type Row, type TableDefinition } from './projection.js';
import type { TableChanges } from './batch-rows.js';
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
 * Compares the versions that begin and end at these positions with those that a batch of events has made of the state
 * before: the counterpart of `writeTable`. The stored rows come as COPY's text, which costs the database and this program a
 * fraction of a join with the rows expected.
 * @param before position that the batch starts from; the stored versions that hold there were compared before
 */
export async function compareTable(
  client: pg.ClientBase,
  schema: string,
  { table, opened, closed }: TableChanges,
  { from, to }: Positions,
  before = from,
): Promise<RowDifference[]> {
  const columns = Object.keys(table.columns);
  const differences: RowDifference[] = [];
  const begun = await copied(
    client,
    `select ${columns.map((column) => shown(column, table.columns[column]!)).join(', ')}, from_position, to_position
     from ${schema}.${table.name} where from_position > ${from} and from_position <= ${to}`,
  );
  const keyAt = table.key.map((column) => columns.indexOf(column));
  const stored = new Map(begun.map((fields) => [nameOf(keyAt, fields), fields]));
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
    const key = keyAt.map((index) => fields[index]!);
    differences.push({ key, fromPosition: position, position, fault: 'unexpected', columns: [] });
  }
  return [...differences, ...(await compareEnds(client, schema, table, closed, { from, to }, before))];
}

/** Of versions that hold before the batch: each ends where an event ends it, and nowhere else. */
async function compareEnds(
  client: pg.ClientBase,
  schema: string,
  table: TableDefinition,
  closed: TableChanges['closed'],
  { from, to }: Positions,
  before: bigint,
): Promise<RowDifference[]> {
  const ended = await copied(
    client,
    `select ${table.key.join(', ')}, from_position, to_position from ${schema}.${table.name}
     where to_position > ${from} and to_position <= ${to} and from_position <= ${before}`,
  );
  const expected = new Map(closed.map((end) => [[...end.key, end.position].join(SEPARATOR), end]));
  const unexpected = ended.filter((fields) => {
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

/** The same for the times of a projection's events; the key is the position. */
export async function compareTimeline(
  client: pg.ClientBase,
  schema: string,
  { times, positions }: Timeline,
  { from, to }: Positions,
): Promise<RowDifference[]> {
  const rows = await copied(
    client,
    `select position, ${shown('recorded_at', 'timestamptz')} from ${schema}.timeline
     where position > ${from} and position <= ${to}`,
  );
  const stored = new Map(rows.map(([position, time]) => [position!, time]));
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
  // One statement, so that a batch applied meanwhile moves rows and checkpoint as one.
  const applied = `(select position from public.projection where name = '${schema}')`;
  const rows = await copied(
    client,
    `select ${table.key.join(', ')}, from_position,
       case when from_position > ${applied} or from_position < 0 then from_position else to_position end
     from ${schema}.${table.name}
     where from_position > ${applied} or from_position < 0 or to_position < from_position
       or (to_position > ${applied} and to_position < ${MAX_POSITION})`,
  );
  return rows.map((fields) => ({
    key: fields.slice(0, -2),
    fromPosition: BigInt(fields.at(-2)!),
    position: BigInt(fields.at(-1)!),
    fault: 'unexpected',
    columns: [],
  }));
}

const SEPARATOR = '\u0000';
const NULL = '\\N';

function nameOf(keyAt: readonly number[], fields: readonly string[]): string {
  return [...keyAt.map((index) => fields[index]), fields.at(-2)].join(SEPARATOR);
}

/** Rows as COPY writes them: a line each, fields apart by tabs. */
async function copied(client: pg.ClientBase, sql: string): Promise<string[][]> {
  const lines = await text(client.query(copyTo(`copy (${sql}) to stdout`)));
  return lines === ''
    ? []
    : lines
        .slice(0, -1)
        .split('\n')
        .map((line) => line.split('\t'));
}

/** Times come as microseconds since 1970, whatever the session's time zone. */
function shown(column: string, type: ColumnType): string {
  return type === 'timestamptz' ? `(extract(epoch from ${column}) * 1000000)::bigint` : column;
}

function isStored(type: ColumnType, row: Row, column: string, field: string): boolean {
  const value = row[column] ?? null;
  if (value === null || field === NULL) return value === null && field === NULL;
  if (type === 'jsonb') return isSame(JSON.parse(unescaped(field)), JSON.parse(JSON.stringify(value)));
  if (type === 'timestamptz') return Number(field) === Date.parse(String(value)) * 1_000;
  if (type === 'boolean') return field === (value ? 't' : 'f');
  return unescaped(field) === String(value);
}

const ESCAPES: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** Text as it was before COPY put backslashes into it. */
function unescaped(field: string): string {
  if (!field.includes('\\')) return field;
  return field.replace(/\\(.)/g, (_, letter: string) => ESCAPES[letter] ?? letter);
}
