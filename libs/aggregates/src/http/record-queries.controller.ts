import { Get, Injectable, Param, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { At, HistoryItem } from '#event-sourcing';
import { CaughtUp } from '#http';
import {
  asOfParameters,
  awaitAsOf,
  refuseFuture,
  type AsOfRequest,
  type Bound,
  type Query as Sql,
} from '#postgres';
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
  /** What the answer for one says beside its own events, read as of the same instant from the read model. */
  readonly related?: (query: Sql, bound: Bound, id: string) => Promise<object>;
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
    async read(
      @Param('id', { schema: uuid }) id: string,
      @Query({ schema: atSchema }) at: z.output<typeof atSchema>,
      @Res({ passthrough: true }) reply: FastifyReply,
    ): Promise<RecordView> {
      refuseFuture(at.asOf, this.clock.now().getTime());
      const record = await this.queries.execute(new ReadRecord(aggregate, view, id, at));
      void reply.header('ETag', `"${record.revision}"`);
      if (!related) return record;
      const state = await this.stateOf(at, record);
      return {
        ...record,
        ...(await this.queries.execute(new ReadRelated(related, relatedProjections, id, state))),
      };
    }

    /** The state of the read model in which the record is shown. */
    private async stateOf({ asOf, revision }: At, { position }: RecordView): Promise<AsOfRequest> {
      if (revision === undefined) return awaitAsOf({ asOf }, relatedProjections, this.clock, this.caughtUp);
      return { asOfPosition: position, head: await this.caughtUp.head() };
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
