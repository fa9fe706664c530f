import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { RecordContributionHandler } from './contributions/commands/record-contribution.js';
import {
  ContributionCommandsController,
  ContributionQueriesController,
} from './contributions/http/contributions.controllers.js';
import { RecordDocumentHandler } from './documents/commands/record-document.js';
import {
  DocumentCommandsController,
  DocumentQueriesController,
} from './documents/http/documents.controllers.js';
import { RecordGoalHandler } from './goals/commands/record-goal.js';
import { GoalCommandsController, GoalQueriesController } from './goals/http/goals.controllers.js';

/** Takes commands, without HTTP or read models. Needs `CommandExecutor` from the composition. */
@Module({
  imports: [CqrsModule],
  providers: [RecordDocumentHandler, RecordGoalHandler, RecordContributionHandler],
})
export class PartnershipCommandsModule {}

/** Documents, goals and contributions over HTTP. Needs also `Clock` and `CaughtUp`, and AggregatesModule beside it. */
@Module({
  imports: [CqrsModule, PartnershipCommandsModule],
  controllers: [
    DocumentCommandsController,
    DocumentQueriesController,
    GoalCommandsController,
    GoalQueriesController,
    ContributionCommandsController,
    ContributionQueriesController,
  ],
})
export class PartnershipModule {}
