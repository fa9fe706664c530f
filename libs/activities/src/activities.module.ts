import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { ChangeActivityHandler } from './commands/change-activity.js';
import { LogActivityHandler } from './commands/log-activity.js';
import { PlanActivityHandler } from './commands/plan-activity.js';
import { ActivityCommandsController } from './http/activities.commands.controller.js';
import { ActivityQueriesController } from './http/activities.queries.controller.js';
import { ListActivitiesHandler } from './queries/list-activities.js';
import { ReadActivityHistoryHandler } from './queries/read-activity-history.js';
import { ReadActivityHandler } from './queries/read-activity.js';

/** Takes commands, without HTTP or read models. Needs `CommandExecutor` and `ActivityPolicy` from the composition. */
@Module({
  imports: [CqrsModule],
  providers: [PlanActivityHandler, LogActivityHandler, ChangeActivityHandler],
})
export class ActivityCommandsModule {}

/** Activities over HTTP. Needs also `EventStore`, `DataSource`, `Clock` and `CaughtUp`. */
@Module({
  imports: [CqrsModule, ActivityCommandsModule],
  controllers: [ActivityCommandsController, ActivityQueriesController],
  providers: [ListActivitiesHandler, ReadActivityHandler, ReadActivityHistoryHandler],
})
export class ActivitiesModule {}
