import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { awaitAsOf, CaughtUp, Problem, readAsOf, type AsOf } from '#http';
import type { Bound, Query as Sql } from '#postgres';
import { Clock } from '#shared-kernel';
import { DataSource } from 'typeorm';

/** Reads what other contexts say of an aggregate: further fields of what is shown of it, none when there is nothing. */
export type Related = (query: Sql, bound: Bound, id: string) => Promise<object>;

/** What read models say of an aggregate, as of now or a past state. */
export class ReadRelated extends Query<object> {
  constructor(
    readonly related: Related,
    /** Those that `related` reads. */
    readonly projections: readonly string[],
    readonly id: string,
    readonly asked: AsOf,
  ) {
    super();
  }
}

@QueryHandler(ReadRelated)
export class ReadRelatedHandler implements IQueryHandler<ReadRelated> {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly caughtUp: CaughtUp,
  ) {}

  /** Nothing while the read models are too far behind to say it: the aggregate itself is known all the same. */
  async execute({ related, projections, id, asked }: ReadRelated): Promise<object> {
    try {
      const state = await awaitAsOf(asked, projections, this.clock, this.caughtUp, { isDated: false });
      return await readAsOf(this.dataSource, projections, state, (query, bound) => related(query, bound, id));
    } catch (error) {
      if (error instanceof Problem && error.code === 'NotCaughtUp') return {};
      throw error;
    }
  }
}
