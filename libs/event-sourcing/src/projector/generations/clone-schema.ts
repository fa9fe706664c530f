import type { Sql } from '../table-sql.js';

/**
 * Makes a schema with the tables of another, all of them empty: columns, constraints and indexes of the same names, so that
 * later migrations find in it what they find in the other. To be called in a transaction.
 */
export async function cloneSchema(sql: Sql, from: string, to: string): Promise<void> {
  await sql.query(`create schema ${to}`);
  for (const table of await tablesIn(sql, from)) {
    await sql.query(`create table ${to}.${table} (like ${from}.${table} including all excluding indexes)`);
    for (const definition of await keysOf(sql, from, table))
      await sql.query(`alter table ${to}.${table} add ${definition}`);
    for (const definition of await indexesOf(sql, from, table))
      await sql.query(definition.replace(` ON ${from}.${table} `, ` ON ${to}.${table} `));
  }
}

/** Tells the planner how many rows each table has: it would read those it knows nothing of from end to end. */
export async function analyzeSchema(sql: Sql, schema: string): Promise<void> {
  for (const table of await tablesIn(sql, schema)) await sql.query(`analyze ${schema}.${table}`);
}

async function tablesIn(sql: Sql, schema: string): Promise<string[]> {
  const { rows } = await sql.query(
    'select tablename as name from pg_tables where schemaname = $1 order by tablename',
    [schema],
  );
  return rows.map(({ name }: { name: string }) => name);
}

/** Primary keys and unique constraints; the others come with the columns. */
async function keysOf(sql: Sql, schema: string, table: string): Promise<string[]> {
  const { rows } = await sql.query(
    `select format('constraint %I %s', conname, pg_get_constraintdef(oid)) as definition from pg_constraint
     where conrelid = '${schema}.${table}'::regclass and contype in ('p', 'u')`,
  );
  return rows.map(({ definition }: { definition: string }) => definition);
}

async function indexesOf(sql: Sql, schema: string, table: string): Promise<string[]> {
  const { rows } = await sql.query(
    `select pg_get_indexdef(indexrelid) as definition from pg_index i
     where indrelid = '${schema}.${table}'::regclass
       and not exists (select from pg_constraint where conindid = i.indexrelid)`,
  );
  return rows.map(({ definition }: { definition: string }) => definition);
}
