import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CommandMessage } from '#aggregates';
import { carryOut, CommandExecutor, type CommandOutcome } from '#event-sourcing';
import type { GoalCommandData, GoalCommandType } from '../domain/commands.js';
import { goalAggregate } from './goal-aggregate.js';

/** Any command on a goal: `type` says which. */
export class RecordGoal<Type extends GoalCommandType = GoalCommandType> extends CommandMessage<
  Type,
  GoalCommandData<Type>
> {}

@CommandHandler(RecordGoal)
export class RecordGoalHandler implements ICommandHandler<RecordGoal> {
  constructor(private readonly executor: CommandExecutor) {}

  execute(command: RecordGoal): Promise<CommandOutcome> {
    return carryOut(this.executor, goalAggregate, command);
  }
}
