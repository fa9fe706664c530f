import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CommandExecutor, partId, type CommandOutcome, type CommandRequest } from '#event-sourcing';
import type { ActivityCommandData } from '../domain/commands.js';
import { activityDecider } from '../domain/decide.js';
import { activityStream } from '../domain/events.js';
import { ActivityPolicy } from '../domain/policy.js';
import { newActivity } from './activity-ids.js';

/** An activity that is to take place. */
export class PlanActivity extends Command<CommandOutcome> {
  constructor(
    readonly data: ActivityCommandData<'plan'>,
    readonly request: CommandRequest,
    /** For a source that has ids of its own; absent: from the reference, else from the command. */
    readonly activityId?: string,
  ) {
    super();
  }
}

@CommandHandler(PlanActivity)
export class PlanActivityHandler implements ICommandHandler<PlanActivity> {
  constructor(
    private readonly executor: CommandExecutor,
    private readonly policy: ActivityPolicy,
  ) {}

  execute({ data, request, activityId }: PlanActivity): Promise<CommandOutcome> {
    const { id, isNew } =
      activityId === undefined ? newActivity(data.reference, request) : { id: activityId, isNew: false };
    return this.executor.execute({
      decider: activityDecider(this.policy),
      stream: activityStream(id),
      id,
      command: { type: 'plan', activityId: id, data, newId: (ordinal) => partId(request, ordinal) },
      hashed: { type: 'plan', data },
      request,
      isNew,
    });
  }
}
