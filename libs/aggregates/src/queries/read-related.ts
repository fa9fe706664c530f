import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { readAsOf, type AsOfRequest, type Bound, type Query as Sql } from '#postgres';
import { Clock } from '#shared-kernel';
import { DataSource } from 'typeorm';

/** What read models say of one aggregate beside its own events, in the state asked for. */
export class ReadRelated extends Query<object> {
  constructor(
    readonly related: (query: Sql, bound: Bound, id: string) => Promise<object>,
    readonly projections: readonly string[],
    readonly id: string,
    readonly state: AsOfRequest,
  ) {
    super();
  }
}

@QueryHandler(ReadRelated)
export class ReadRelatedHandler implements IQueryHandler<ReadRelated> {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** @throws Problem 503 when a projection is so far behind that what was known at a past time may be missing */
  execute({ related, projections, id, state }: ReadRelated): Promise<object> {
    return readAsOf(this.dataSource, projections, state, this.clock.now(), (query, bound) =>
      related(query, bound, id),
    );
  }
}
