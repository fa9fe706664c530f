import type { DataSource } from 'typeorm';

/** Runs a statement with its parameters and answers the rows. */
export type Query = <Row>(sql: string, parameters?: unknown[]) => Promise<Row[]>;

/** Several reads of one state of the database, in a transaction that can write nothing. */
export function readSnapshot<Result>(
  dataSource: DataSource,
  read: (query: Query) => Promise<Result>,
): Promise<Result> {
  return dataSource.transaction('REPEATABLE READ', async (manager) => {
    // All in one message. The lock comes before the state is fixed: a read model that is made anew is not put in place of the
    // one read here until the transaction ends, see switchGeneration of #event-sourcing. A report over many rows groups them in
    // memory rather than on disk.
    await manager.query(
      "set transaction read only; lock table public.projection in access share mode; set local work_mem = '64MB'",
    );
    return read(<Row>(sql: string, parameters?: unknown[]) => manager.query<Row[]>(sql, parameters));
  });
}
