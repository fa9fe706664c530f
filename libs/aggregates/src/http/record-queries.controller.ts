import { Get, Injectable, Param, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { HistoryItem } from '#event-sourcing';
import { CaughtUp, ReadsProjections } from '#http';
import { asOfParameters, awaitAsOf, refuseFuture, type Bound, type Query as SqlQuery } from '#postgres';
import { Clock, uuid } from '#shared-kernel';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Filters, ListDefinition, PageParameters } from '../queries/list-definition.js';
import { ListRecords, type RecordPage } from '../queries/list-records.js';
import { ReadRecord, ReadRecordHistory, type RecordView, type View } from '../queries/read-record.js';
import { ReadRelated } from '../queries/read-related.js';

const atSchema = z.strictObject({
  asOf: asOfParameters.asOf,
  revision: z
    .string()
    .regex(/^\d{1,18}$/, 'give a revision such as 3')
    .transform(BigInt)
    .optional(),
});

export interface RecordQueries {
  /** Name of the aggregate, as in its streams' names. */
  readonly aggregate: string;
  readonly view: View<never>;
  readonly list: ListDefinition<never>;
  /** Made by `listSchema`. */
  readonly listSchema: z.ZodType<Filters & PageParameters>;
  /**
   * What other contexts say of one: further fields of the answer, read as of the same time. They are left out while their
   * read models are too far behind, unless a Consistency-Token asks to wait for them.
   */
  readonly related?: (query: SqlQuery, bound: Bound, id: string) => Promise<object>;
  /** The projections that `related` reads. */
  readonly relatedProjections?: readonly string[];
}

/**
 * The GET routes of a collection: the list, one, and its history. The controller that extends it names the path, and the
 * projection that a Consistency-Token waits for.
 */
export function recordQueriesController({
  aggregate,
  view,
  list,
  listSchema,
  related,
  relatedProjections = [],
}: RecordQueries) {
  @Injectable()
  abstract class RecordQueriesController {
    constructor(
      readonly queries: QueryBus,
      readonly clock: Clock,
      readonly caughtUp: CaughtUp,
    ) {}

    @Get()
    async list(@Query({ schema: listSchema }) parameters: Filters & PageParameters): Promise<RecordPage> {
      const { head } = await awaitAsOf(parameters, [list.projection], this.clock, this.caughtUp);
      return this.queries.execute(new ListRecords(list, parameters, head));
    }

    @Get(':id')
    @ReadsProjections(list.projection, ...relatedProjections)
    async read(
      @Param('id', { schema: uuid }) id: string,
      @Query({ schema: atSchema }) at: z.output<typeof atSchema>,
      @Res({ passthrough: true }) reply: FastifyReply,
    ): Promise<RecordView> {
      refuseFuture(at.asOf, this.clock.now().getTime());
      const record = await this.queries.execute(new ReadRecord(aggregate, view, id, at));
      void reply.header('ETag', `"${record.revision}"`);
      if (!related) return record;
      const { asOf, revision } = at;
      const then = revision === undefined ? { asOf } : { asOfPosition: record.position };
      const more = await this.queries.execute(new ReadRelated(related, relatedProjections, id, then));
      return { ...record, ...more };
    }

    @Get(':id/history')
    history(
      @Param('id', { schema: uuid }) id: string,
      @Query({ schema: z.strictObject({}) }) _: object,
    ): Promise<{ items: readonly HistoryItem[] }> {
      return this.queries.execute(new ReadRecordHistory(aggregate, id));
    }
  }
  return RecordQueriesController;
}
