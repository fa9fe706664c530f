import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CommandMessage } from '#aggregates';
import { carryOut, CommandExecutor, type CommandOutcome } from '#event-sourcing';
import type { DialogueCommandData, DialogueCommandType } from '../domain/commands.js';
import { dialogueAggregate } from './dialogue-aggregate.js';

/** Any command on a dialogue session: `type` says whether it begins one, such as `schedule`, or what happens to it. */
export class RecordDialogue<Type extends DialogueCommandType = DialogueCommandType> extends CommandMessage<
  Type,
  DialogueCommandData<Type>
> {}

@CommandHandler(RecordDialogue)
export class RecordDialogueHandler implements ICommandHandler<RecordDialogue> {
  constructor(private readonly executor: CommandExecutor) {}

  execute(command: RecordDialogue): Promise<CommandOutcome> {
    return carryOut(this.executor, dialogueAggregate, command);
  }
}
