import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import { activitiesOfGoal, activitiesProjection } from '#activities';
import { addCommandRoutes, recordQueriesController } from '#aggregates';
import { ReadsProjections } from '#http';
import { partnershipProjection } from '../../projections/partnership-projection.js';
import { RecordGoal } from '../commands/record-goal.js';
import { goalCommandSchemas } from '../domain/commands.js';
import { goalList, goalListSchema } from '../queries/goal-list.js';
import { goalView } from '../queries/goal-view.js';
import { goalBeginRoutes, goalChangeRoutes } from './goal-routes.js';

/** Every POST on goals: the lines of goal-routes.ts. */
@ApiTags('Goals')
@Controller('goals')
export class GoalCommandsController {
  constructor(readonly commands: CommandBus) {}
}
addCommandRoutes(GoalCommandsController, {
  begin: goalBeginRoutes,
  change: goalChangeRoutes,
  schemas: goalCommandSchemas,
  Message: RecordGoal,
});

@ApiTags('Goals')
@Controller('goals')
@ReadsProjections(partnershipProjection.name, activitiesProjection.name)
export class GoalQueriesController extends recordQueriesController({
  aggregate: 'goal',
  view: goalView,
  list: goalList,
  listSchema: goalListSchema,
  related: async (query, bound, id) => ({ activities: await activitiesOfGoal(query, bound, id) }),
  relatedProjections: [activitiesProjection.name],
}) {}
