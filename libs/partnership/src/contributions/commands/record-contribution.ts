import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CommandMessage } from '#aggregates';
import { carryOut, CommandExecutor, type CommandOutcome } from '#event-sourcing';
import type { ContributionCommandData, ContributionCommandType } from '../domain/commands.js';
import { contributionAggregate } from './contribution-aggregate.js';

/** Any command on a contribution: `type` says which. */
export class RecordContribution<
  Type extends ContributionCommandType = ContributionCommandType,
> extends CommandMessage<Type, ContributionCommandData<Type>> {}

@CommandHandler(RecordContribution)
export class RecordContributionHandler implements ICommandHandler<RecordContribution> {
  constructor(private readonly executor: CommandExecutor) {}

  execute(command: RecordContribution): Promise<CommandOutcome> {
    return carryOut(this.executor, contributionAggregate, command);
  }
}
