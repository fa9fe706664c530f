import pg from 'pg';
import type { BatchRows, TableChanges } from './batch-rows.js';
import { copyIn, escaped, NULL } from './copy-text.js';
import {
  MAX_POSITION,
  type ColumnType,
  type Row,
  type RowReference,
  type TableDefinition,
} from './projection.js';

/** The part of a pg client the writer needs; queries of one client run in the order they were given. */
export interface Sql {
  query(query: string | pg.QueryConfig, values?: unknown[]): Promise<pg.QueryResult>;
}

/** The stored rows are not those that the events before have made. */
export class RowsDiffer extends Error {
  override name = 'RowsDiffer';
}

/**
 * Loads, in one statement a table, the versions the batch will read.
 * @param at position of the state they are of; without one, the current versions
 */
export async function loadRows(
  sql: Sql,
  schema: string,
  references: readonly RowReference[],
  rows: BatchRows,
  at?: bigint,
): Promise<void> {
  const wanted = new Map<TableDefinition, Map<string, readonly string[]>>();
  for (const { table, key } of references) {
    const keys = wanted.get(table) ?? new Map<string, readonly string[]>();
    wanted.set(table, keys.set(key.join('\u0000'), key));
  }
  const holding =
    at === undefined
      ? `t.to_position = ${MAX_POSITION}`
      : `t.from_position <= ${at} and t.to_position > ${at}`;
  for (const [table, keys] of wanted) {
    const columns = Object.keys(table.columns).join(', ');
    const found = await sql.query({
      // By the index, key by key, whatever is known of the table: a new one would be read whole for every batch.
      text:
        `select stored.* from ${unnest(table, table.key)} cross join lateral ` +
        `(select ${columns} from ${schema}.${table.name} t where ${keyMatch(table)} and ${holding} offset 0) stored`,
      values: table.key.map((_, index) => [...keys.values()].map((key) => key[index])),
      types: plainTypes,
    });
    for (const row of found.rows as Row[]) rows.load(table, row);
  }
}

/** Writes one table's changes: versions that end, versions that begin. */
export async function writeTable(
  client: pg.ClientBase,
  schema: string,
  changes: TableChanges,
): Promise<void> {
  const { table, closed, opened } = changes;
  const name = `${schema}.${table.name}`;
  if (closed.length > 0) {
    const result = await client.query(
      `update ${name} t set to_position = k.position from ${unnest(table, table.key, 'position')} ` +
        `where ${keyMatch(table)} and t.to_position = ${MAX_POSITION}`,
      [
        ...table.key.map((_, index) => closed.map(({ key }) => key[index])),
        closed.map(({ position }) => String(position)),
      ],
    );
    if (result.rowCount !== closed.length) {
      throw new RowsDiffer(`${name}: ${closed.length} versions were to end, ${result.rowCount} were there`);
    }
  }
  if (opened.length > 0) {
    const columns = Object.entries(table.columns);
    const fields = [...columns.map(([column]) => column), 'from_position', 'to_position'];
    const lines = opened.map(({ row, from, to }) => {
      let line = '';
      for (const [column, type] of columns) line += `${fieldOf(row[column], type)}\t`;
      return `${line}${from}\t${to}`;
    });
    await copyIn(client, `${name} (${fields.join(', ')})`, lines);
  }
}

/** `unnest($1::uuid[], …) k(id, …)`: one array a column; `positions` follow as bigint. */
function unnest(table: TableDefinition, columns: readonly string[], ...positions: string[]): string {
  const types: (ColumnType | undefined)[] = [
    ...columns.map((column) => table.columns[column]),
    ...positions.map(() => 'bigint' as const),
  ];
  return `unnest(${types.map((type, index) => `$${index + 1}::${type}[]`).join(', ')}) k(${[...columns, ...positions].join(', ')})`;
}

function keyMatch(table: TableDefinition): string {
  return table.key.map((column) => `t.${column} = k.${column}`).join(' and ');
}

function fieldOf(value: unknown, type: ColumnType): string {
  if (value === null || value === undefined) return NULL;
  return escaped(type === 'jsonb' ? JSON.stringify(value) : String(value));
}

/** Rows come back as `apply` wrote them: dates as ISO text, bigint as number. */
const plainTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format: 'text' | 'binary') => {
    if (oid === pg.types.builtins.INT8) return Number;
    if (oid === pg.types.builtins.DATE) return String;
    if (oid === pg.types.builtins.TIMESTAMPTZ) return (text: string) => new Date(text).toISOString();
    return pg.types.getTypeParser(oid, format);
  }) as pg.CustomTypesConfig['getTypeParser'],
};
