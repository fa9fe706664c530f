import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import { addCommandRoutes, recordQueriesController } from '#aggregates';
import { dialogueProjection } from '#dialogue';
import { ReadsProjections } from '#http';
import { RecordActivity } from '../commands/record-activity.js';
import { activityCommandSchemas } from '../domain/commands.js';
import { activitiesProjection } from '../projections/activities-projection.js';
import { activityList, activityListSchema } from '../queries/activity-list.js';
import { activityRelated } from '../queries/activity-related.js';
import { activityView } from '../queries/activity-view.js';
import { activityBeginRoutes, activityChangeRoutes } from './activity-routes.js';

/** Every POST on activities: the lines of activity-routes.ts. */
@ApiTags('Activities')
@Controller('activities')
export class ActivityCommandsController {
  constructor(readonly commands: CommandBus) {}
}
addCommandRoutes(ActivityCommandsController, {
  begin: activityBeginRoutes,
  change: activityChangeRoutes,
  schemas: activityCommandSchemas,
  Message: RecordActivity,
});

@ApiTags('Activities')
@Controller('activities')
@ReadsProjections(activitiesProjection.name)
export class ActivityQueriesController extends recordQueriesController({
  aggregate: 'activity',
  view: activityView,
  list: activityList,
  listSchema: activityListSchema,
  related: activityRelated,
  relatedProjections: [dialogueProjection.name],
}) {}
