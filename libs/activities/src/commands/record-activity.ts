import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CommandMessage } from '#aggregates';
import { carryOut, CommandExecutor, type CommandOutcome } from '#event-sourcing';
import type { ActivityCommandData, ActivityCommandType } from '../domain/commands.js';
import { ActivityPolicy } from '../domain/policy.js';
import { activityAggregate } from './activity-aggregate.js';

/** Any command on an activity: `type` says whether it begins one, such as `plan`, or what happens to it. */
export class RecordActivity<Type extends ActivityCommandType = ActivityCommandType> extends CommandMessage<
  Type,
  ActivityCommandData<Type>
> {}

@CommandHandler(RecordActivity)
export class RecordActivityHandler implements ICommandHandler<RecordActivity> {
  constructor(
    private readonly executor: CommandExecutor,
    private readonly policy: ActivityPolicy,
  ) {}

  execute(command: RecordActivity): Promise<CommandOutcome> {
    return carryOut(this.executor, activityAggregate(this.policy), command);
  }
}
