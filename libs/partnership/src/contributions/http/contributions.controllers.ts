import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import { addCommandRoutes, recordQueriesController } from '#aggregates';
import { ReadsProjections } from '#http';
import { partnershipProjection } from '../../projections/partnership-projection.js';
import { RecordContribution } from '../commands/record-contribution.js';
import { contributionCommandSchemas } from '../domain/commands.js';
import { contributionList, contributionListSchema } from '../queries/contribution-list.js';
import { contributionView } from '../queries/contribution-view.js';
import { contributionBeginRoutes, contributionChangeRoutes } from './contribution-routes.js';

/** Every POST on contributions: the lines of contribution-routes.ts. */
@ApiTags('Contributions')
@Controller('contributions')
export class ContributionCommandsController {
  constructor(readonly commands: CommandBus) {}
}
addCommandRoutes(ContributionCommandsController, {
  begin: contributionBeginRoutes,
  change: contributionChangeRoutes,
  schemas: contributionCommandSchemas,
  Message: RecordContribution,
});

@ApiTags('Contributions')
@Controller('contributions')
@ReadsProjections(partnershipProjection.name)
export class ContributionQueriesController extends recordQueriesController({
  aggregate: 'contribution',
  view: contributionView,
  list: contributionList,
  listSchema: contributionListSchema,
}) {}
