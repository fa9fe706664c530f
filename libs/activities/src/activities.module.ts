import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { RecordActivityHandler } from './commands/record-activity.js';
import { ActivityCommandsController, ActivityQueriesController } from './http/activities.controllers.js';

/** Takes commands, without HTTP or read models. Needs `CommandExecutor` and `ActivityPolicy` from the composition. */
@Module({
  imports: [CqrsModule],
  providers: [RecordActivityHandler],
})
export class ActivityCommandsModule {}

/** Activities over HTTP. Needs also `Clock` and `CaughtUp`, and AggregatesModule and the dialogue's read model beside it. */
@Module({
  imports: [CqrsModule, ActivityCommandsModule],
  controllers: [ActivityCommandsController, ActivityQueriesController],
})
export class ActivitiesModule {}
