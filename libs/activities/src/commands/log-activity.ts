import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CommandExecutor, partId, type CommandOutcome, type CommandRequest } from '#event-sourcing';
import type { ActivityCommandData } from '../domain/commands.js';
import { activityDecider } from '../domain/decide.js';
import { activityStream } from '../domain/events.js';
import { ActivityPolicy } from '../domain/policy.js';
import { newActivity } from './activity-ids.js';

/** An activity that took place already, entered or imported afterwards, with who took part and what it cost. */
export class LogActivity extends Command<CommandOutcome> {
  constructor(
    readonly data: ActivityCommandData<'log'>,
    readonly request: CommandRequest,
    /** For a source that has ids of its own; absent: from the reference, else from the command. */
    readonly activityId?: string,
  ) {
    super();
  }
}

@CommandHandler(LogActivity)
export class LogActivityHandler implements ICommandHandler<LogActivity> {
  constructor(
    private readonly executor: CommandExecutor,
    private readonly policy: ActivityPolicy,
  ) {}

  execute({ data, request, activityId }: LogActivity): Promise<CommandOutcome> {
    const { id, isNew } =
      activityId === undefined ? newActivity(data.reference, request) : { id: activityId, isNew: false };
    return this.executor.execute({
      decider: activityDecider(this.policy),
      stream: activityStream(id),
      id,
      command: { type: 'log', activityId: id, data, newId: (ordinal) => partId(request, ordinal) },
      hashed: { type: 'log', data },
      request,
      isNew,
    });
  }
}
