import type { Sql } from '#event-sourcing';
import type pg from 'pg';

/** One session of the database that several have work for: one piece after the other, in the order they come. */
export class Connection implements Sql {
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly client: pg.ClientBase) {}

  take<Result>(work: (client: pg.ClientBase) => Promise<Result>): Promise<Result> {
    const result = this.last.then(() => work(this.client));
    this.last = result.catch(() => undefined);
    return result;
  }

  query(query: string | pg.QueryConfig, values?: unknown[]): Promise<pg.QueryResult> {
    return this.take((client) => client.query(query, values));
  }
}
