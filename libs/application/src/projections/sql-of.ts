import type { Sql } from '#event-sourcing';
import type { DataSource } from 'typeorm';

/** The read model's database as statements of the projector's are given it: only their rows are answered. */
export function sqlOf(dataSource: DataSource): Sql {
  const query = async (text: string, values?: unknown[]) => ({ rows: await dataSource.query(text, values) });
  return { query } as Sql;
}
