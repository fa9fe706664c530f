import { Get, Headers, Injectable, Param, Query, Req, Res, StreamableFile } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiProduces, ApiResponse } from '@nestjs/swagger';
import {
  AccessLog,
  actorOf,
  answerFormat,
  answerFormats,
  answersCsv,
  asOfParameters,
  awaitAsOf,
  CaughtUp,
  logAccess,
  NamesExporter,
  ReadsProjections,
  refuseFuture,
} from '#http';
import type { Bound, Query as SqlQuery } from '#postgres';
import { Clock, uuid } from '#shared-kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  PAGE,
  pageParameters,
  type Filters,
  type ListDefinition,
  type PageParameters,
} from '../queries/list-definition.js';
import { ListRecords, type RecordPage } from '../queries/list-records.js';
import { ReadRecordHistory, type HistoryPage } from '../queries/read-history.js';
import { ReadRecord } from '../queries/read-record.js';
import { ReadRelated } from '../queries/read-related.js';
import type { RecordView, View } from '../queries/view.js';
import { historyCsv } from './history-csv.js';

const atSchema = z
  .strictObject({
    asOf: asOfParameters.asOf,
    revision: z
      .string()
      .regex(/^\d{1,18}$/, 'give a revision such as 3')
      .transform(BigInt)
      .optional()
      .meta({ description: 'As it was after this event of its own; not together with asOf' }),
  })
  .refine(({ asOf, revision }) => asOf === undefined || revision === undefined, {
    path: ['revision'],
    message: 'give a revision or a time, not both',
  });

const historySchema = z.strictObject({
  limit: pageParameters.limit.optional().meta({
    description: `Events at once, at most 500. Absent: ${PAGE}, in CSV all`,
  }),
  cursor: pageParameters.cursor,
  format: z.enum(answerFormats).optional(),
});

export interface RecordQueries {
  /** Name of the aggregate, as in its streams' names. */
  readonly aggregate: string;
  readonly view: View;
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
      readonly accesses: AccessLog,
    ) {}

    @Get()
    async list(@Query({ schema: listSchema }) parameters: Filters & PageParameters): Promise<RecordPage> {
      const of = [list.projection];
      const state = await awaitAsOf(parameters, of, this.clock, this.caughtUp, { isDated: false });
      return this.queries.execute(new ListRecords(list, parameters, state));
    }

    @Get(':id')
    @ApiResponse({ status: 200, description: 'As it is, or was; its revision as ETag' })
    @ApiResponse({ status: 400, description: 'Malformed, or of a time to come' })
    @ApiResponse({ status: 404, description: 'It is not there, or was not yet' })
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

    /** In CSV the whole history, or all of it after the cursor; with `limit` that many events, and in `Link` where the next are. */
    @Get(':id/history')
    // Read from the event store, where what a Consistency-Token stands for is at once.
    @ReadsProjections()
    @ApiOperation({
      summary:
        'Its history, newest first: who did what, when and why, and which fields changed from what to what',
    })
    @ApiProduces('application/json', 'text/csv')
    @NamesExporter()
    @ApiResponse({
      status: 200,
      description:
        '{"items":[{…, "changes":[{"field","from"?,"to"?}]}],"nextCursor"}. In CSV a line for each changed field, of all events, or of all after `cursor`; with `limit` of that many, and `Link` leads to the next',
    })
    @ApiResponse({ status: 400, description: 'Malformed' })
    @ApiResponse({ status: 404, description: 'It is not there' })
    @ApiResponse({ status: 406, description: 'Neither JSON nor CSV' })
    async history(
      @Param('id', { schema: uuid }) id: string,
      @Query({ schema: historySchema }) { limit, cursor, format }: z.output<typeof historySchema>,
      @Headers('accept') accept: string | undefined,
      @Req() request: FastifyRequest,
      @Res({ passthrough: true }) reply: FastifyReply,
    ): Promise<HistoryPage | StreamableFile> {
      void reply.header('Vary', 'Accept');
      const read = (most?: number) =>
        this.queries.execute(new ReadRecordHistory(aggregate, view, id, { limit: most, cursor }));
      if (answerFormat(format, accept) === 'json') return read(limit ?? PAGE);
      const asked = { id, limit, cursor, format: 'csv' };
      const sent = await logAccess(this.accesses, actorOf(request), asked, request, reply);
      const { items, nextCursor } = await read(limit);
      sent.count = items.length;
      answersCsv(reply, `${aggregate}-${id}-history`);
      if (nextCursor)
        void reply.header('Link', `<?limit=${limit}&cursor=${nextCursor}&format=csv>; rel="next"`);
      return new StreamableFile(historyCsv(items));
    }
  }
  return RecordQueriesController;
}
