import type { Sql } from '#event-sourcing';
import type { DataSource } from 'typeorm';

/** The read model's database as statements of the projector's are given it: only their rows are answered. */
export function sqlOf(dataSource: DataSource): Sql {
  const query = async (text: string, values?: unknown[]) => ({ rows: await dataSource.query(text, values) });
  return { query } as Sql;
}

/** As sqlOf, but all on one connection: what begins a transaction needs that. */
export async function onConnection<Result>(
  dataSource: DataSource,
  work: (sql: Sql) => Promise<Result>,
): Promise<Result> {
  const runner = dataSource.createQueryRunner();
  const query = async (text: string, values?: unknown[]) => ({
    rows: (await runner.query(text, values)) as unknown[],
  });
  try {
    return await work({ query } as Sql);
  } finally {
    await runner.release();
  }
}
