import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { HistoryItem } from '#event-sourcing';
import { CaughtUp, ReadsProjections } from '#http';
import { asOfParameters, awaitAsOf, refuseFuture } from '#postgres';
import { Clock, uuid } from '#shared-kernel';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { activitiesProjection } from '../projections/activities-projection.js';
import type { ActivityView } from '../queries/activity-view.js';
import { ListActivities, type ActivityPage } from '../queries/list-activities.js';
import { listActivitiesSchema, type ListActivitiesParameters } from '../queries/list-activities.schema.js';
import { ReadActivityHistory } from '../queries/read-activity-history.js';
import { ReadActivity } from '../queries/read-activity.js';

const atSchema = z.strictObject({
  asOf: asOfParameters.asOf,
  revision: z
    .string()
    .regex(/^\d{1,18}$/, 'give a revision such as 3')
    .transform(BigInt)
    .optional(),
});

@ApiTags('Activities')
@Controller('activities')
@ReadsProjections(activitiesProjection.name)
export class ActivityQueriesController {
  constructor(
    private readonly queries: QueryBus,
    private readonly clock: Clock,
    private readonly caughtUp: CaughtUp,
  ) {}

  @Get()
  async list(
    @Query({ schema: listActivitiesSchema }) parameters: ListActivitiesParameters,
  ): Promise<ActivityPage> {
    const { head } = await awaitAsOf(parameters, activitiesProjection.name, this.clock, this.caughtUp);
    return this.queries.execute(new ListActivities(parameters, head));
  }

  @Get(':id')
  async read(
    @Param('id', { schema: uuid }) id: string,
    @Query({ schema: atSchema }) at: z.output<typeof atSchema>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ActivityView> {
    refuseFuture(at.asOf, this.clock.now().getTime());
    const activity = await this.queries.execute(new ReadActivity(id, at));
    void reply.header('ETag', `"${activity.revision}"`);
    return activity;
  }

  @Get(':id/history')
  history(
    @Param('id', { schema: uuid }) id: string,
    @Query({ schema: z.strictObject({}) }) _: object,
  ): Promise<{ items: readonly HistoryItem[] }> {
    return this.queries.execute(new ReadActivityHistory(id));
  }
}
