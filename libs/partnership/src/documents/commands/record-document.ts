import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CommandMessage } from '#aggregates';
import { carryOut, CommandExecutor, type CommandOutcome } from '#event-sourcing';
import type { DocumentCommandData, DocumentCommandType } from '../domain/commands.js';
import { documentAggregate } from './document-aggregate.js';

/** Any command on a document: `type` says which. */
export class RecordDocument<Type extends DocumentCommandType = DocumentCommandType> extends CommandMessage<
  Type,
  DocumentCommandData<Type>
> {}

@CommandHandler(RecordDocument)
export class RecordDocumentHandler implements ICommandHandler<RecordDocument> {
  constructor(private readonly executor: CommandExecutor) {}

  execute(command: RecordDocument): Promise<CommandOutcome> {
    return carryOut(this.executor, documentAggregate, command);
  }
}
