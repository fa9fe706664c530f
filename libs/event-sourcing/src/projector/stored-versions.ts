import type pg from 'pg';
import type { TableChanges } from './batch-rows.js';
import type { Positions } from './compare-table.js';
import { copyOut, escaped, NULL } from './copy-text.js';
import { MAX_POSITION, type ColumnType, type TableDefinition } from './projection.js';
import type { Timeline } from './timeline.js';

/** What is stored of a table in a range of positions: a line each version that begins, and each older one that ends. */
export interface StoredVersions {
  readonly begun: readonly string[];
  readonly ended: readonly string[];
}

/** @param before versions that begin later are not older ones */
export async function readVersions(
  client: pg.ClientBase,
  schema: string,
  table: TableDefinition,
  { from, to }: Positions,
  before = from,
): Promise<StoredVersions> {
  const name = `${schema}.${table.name}`;
  const columns = Object.entries(table.columns).map(([column, type]) => shown(column, type));
  const begun = await copyOut(
    client,
    `select ${columns.join(', ')}, from_position, to_position from ${name}
     where from_position > ${from} and from_position <= ${to}`,
  );
  const ended = await copyOut(
    client,
    `select ${table.key.join(', ')}, from_position, to_position from ${name}
     where to_position > ${from} and to_position <= ${to} and from_position <= ${before}`,
  );
  return { begun, ended };
}

/**
 * Whether these are, letter by letter, the versions that a batch has made. They may be although this says they are not: the same
 * JSON can be written in several ways.
 * @param to end of the range: what ends later still holds there
 */
export function areAsMade(
  { begun, ended }: StoredVersions,
  { table, opened, closed }: TableChanges,
  to: bigint,
): boolean {
  if (begun.length !== opened.length || ended.length !== closed.length) return false;
  const columns = Object.entries(table.columns);
  const made = new Map<string, bigint>();
  for (const { row, from, to: end } of opened) {
    let line = '';
    for (const [column, type] of columns) line += `${copyText(type, row[column])}\t`;
    made.set(`${line}${from}`, end);
  }
  for (const line of begun) {
    const at = line.lastIndexOf('\t');
    const version = line.slice(0, at);
    const end = made.get(version);
    // Each stands for one: a row that is there twice does not stand for one that is missing.
    if (end === undefined || !made.delete(version)) return false;
    const storedEnd = line.slice(at + 1);
    const isSameEnd = end === MAX_POSITION ? endsAfter(storedEnd, to) : storedEnd === String(end);
    if (!isSameEnd) return false;
  }
  const ends = new Set(closed.map(({ key, position }) => `${key.map(escaped).join('\t')}\t${position}`));
  return ended.every((line) => {
    const fields = line.split('\t');
    return ends.delete([...fields.slice(0, -2), fields.at(-1)].join('\t'));
  });
}

/** The same for the times of a projection's events. */
export function readTimes(client: pg.ClientBase, schema: string, { from, to }: Positions): Promise<string[]> {
  return copyOut(
    client,
    `select position, ${shown('recorded_at', 'timestamptz')} from ${schema}.timeline
     where position > ${from} and position <= ${to} order by position`,
  );
}

/** @param stored in the order of positions, as those that were made */
export function areTimesAsMade(stored: readonly string[], { times, positions }: Timeline): boolean {
  return (
    stored.length === positions.length &&
    stored.every((line, index) => line === `${positions[index]}\t${times[index]}`)
  );
}

/** Times come as microseconds since 1970, whatever the session's time zone. */
export function shown(column: string, type: ColumnType): string {
  return type === 'timestamptz' ? `(extract(epoch from ${column}) * 1000000)::bigint` : column;
}

const FOREVER = String(MAX_POSITION);

const endsAfter = (end: string, to: bigint): boolean => end === FOREVER || BigInt(end) > to;

/** A value as `shown` and COPY have it. */
function copyText(type: ColumnType, value: unknown): string {
  if (value === null || value === undefined) return NULL;
  if (type === 'timestamptz') return String(Date.parse(String(value)) * 1_000);
  if (type === 'boolean') return value ? 't' : 'f';
  return escaped(type === 'jsonb' ? jsonbText(value) : String(value));
}

/** JSON as PostgreSQL writes jsonb: a blank after what stands apart, shorter keys first. */
function jsonbText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(jsonbText).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? NULL;
  const pairs = Object.entries(value)
    .filter(([, part]) => part !== undefined)
    .sort(([one], [other]) => one.length - other.length || (one < other ? -1 : 1));
  return `{${pairs.map(([key, part]) => `${JSON.stringify(key)}: ${jsonbText(part)}`).join(', ')}}`;
}
