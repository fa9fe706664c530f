import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import { addCommandRoutes, recordQueriesController } from '#aggregates';
import { ReadsProjections } from '#http';
import { RecordDialogue } from '../commands/record-dialogue.js';
import { dialogueCommandSchemas } from '../domain/commands.js';
import { dialogueProjection } from '../projections/dialogue-projection.js';
import { dialogueList, dialogueListSchema } from '../queries/dialogue-list.js';
import { dialogueView } from '../queries/dialogue-view.js';
import { dialogueBeginRoutes, dialogueChangeRoutes } from './dialogue-routes.js';

/** Every POST on dialogue sessions: the lines of dialogue-routes.ts. */
@ApiTags('Dialogue sessions')
@Controller('dialogue-sessions')
export class DialogueCommandsController {
  constructor(readonly commands: CommandBus) {}
}
addCommandRoutes(DialogueCommandsController, {
  begin: dialogueBeginRoutes,
  change: dialogueChangeRoutes,
  schemas: dialogueCommandSchemas,
  Message: RecordDialogue,
});

@ApiTags('Dialogue sessions')
@Controller('dialogue-sessions')
@ReadsProjections(dialogueProjection.name)
export class DialogueQueriesController extends recordQueriesController({
  aggregate: 'dialogue',
  view: dialogueView,
  list: dialogueList,
  listSchema: dialogueListSchema,
}) {}
