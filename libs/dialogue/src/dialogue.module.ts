import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { RecordDialogueHandler } from './commands/record-dialogue.js';
import { DialogueCommandsController, DialogueQueriesController } from './http/dialogue.controllers.js';

/** Takes commands, without HTTP or read models. Needs `CommandExecutor` from the composition. */
@Module({
  imports: [CqrsModule],
  providers: [RecordDialogueHandler],
})
export class DialogueCommandsModule {}

/** Dialogue sessions over HTTP. Needs also `Clock` and `CaughtUp`, and AggregatesModule beside it. */
@Module({
  imports: [CqrsModule, DialogueCommandsModule],
  controllers: [DialogueCommandsController, DialogueQueriesController],
})
export class DialogueModule {}
