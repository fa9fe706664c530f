import type pg from 'pg';
import type { DataSource } from 'typeorm';

/** Runs a statement with its parameters and answers the rows. */
export type Query = <Row>(sql: string, parameters?: unknown[]) => Promise<Row[]>;

/** Single statements, each of the state it finds, prepared once a connection. */
export function preparedOn(dataSource: DataSource): Query {
  return async (text, values) => {
    const runner = dataSource.createQueryRunner();
    try {
      return await prepared((await runner.connect()) as pg.ClientBase)(text, values);
    } finally {
      await runner.release();
    }
  };
}

/** Several reads of one state of the database, in a transaction that can write nothing. */
export async function readSnapshot<Result>(
  dataSource: DataSource,
  read: (query: Query) => Promise<Result>,
): Promise<Result> {
  const runner = dataSource.createQueryRunner();
  try {
    const client = (await runner.connect()) as pg.ClientBase;
    await client.query(BEGIN);
    const result = await read(prepared(client));
    await client.query('commit');
    return result;
  } catch (error) {
    await runner.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    await runner.release();
  }
}

/**
 * All in one message. The lock comes before the state is fixed: a read model that is made anew is not put in place of the one
 * read here until the transaction ends, see switchGeneration of #event-sourcing. A report over many rows groups them in memory
 * rather than on disk.
 */
const BEGIN = `begin isolation level repeatable read, read only; lock table public.projection in access share mode;
  set local work_mem = '64MB'`;

function prepared(client: pg.ClientBase): Query {
  return async <Row>(text: string, values: unknown[] = []) => {
    const { rows } = await client.query({ name: nameOf(text), text, values });
    return rows as Row[];
  };
}

/** Statements that a connection keeps prepared at the most. */
const PREPARED = 200;
const names = new Map<string, string>();

/** Under its name a statement is prepared, once a connection: most of what a small one takes is its parsing and planning. */
function nameOf(text: string): string | undefined {
  if (!names.has(text) && names.size < PREPARED) names.set(text, `prepared ${names.size}`);
  return names.get(text);
}
