import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CommandExecutor, partId, type CommandOutcome, type CommandRequest } from '#event-sourcing';
import type { ActivityCommand, ActivityCommandData } from '../domain/commands.js';
import { activityDecider } from '../domain/decide.js';
import { activityStream } from '../domain/events.js';
import { ActivityPolicy } from '../domain/policy.js';
import type { ActivityChangeType } from '../domain/transitions.js';

/** Whatever happens to an activity that is recorded already; `type` says what. */
export class ChangeActivity<
  Type extends ActivityChangeType = ActivityChangeType,
> extends Command<CommandOutcome> {
  constructor(
    readonly activityId: string,
    readonly type: Type,
    readonly data: ActivityCommandData<Type>,
    readonly request: CommandRequest,
  ) {
    super();
  }
}

@CommandHandler(ChangeActivity)
export class ChangeActivityHandler implements ICommandHandler<ChangeActivity> {
  constructor(
    private readonly executor: CommandExecutor,
    private readonly policy: ActivityPolicy,
  ) {}

  execute({ activityId: id, type, data, request }: ChangeActivity): Promise<CommandOutcome> {
    const newId = (ordinal: number) => partId(request, ordinal);
    return this.executor.execute({
      decider: activityDecider(this.policy),
      stream: activityStream(id),
      id,
      // Type and data belong together by the constructor; a union cannot say so once they are apart.
      command: { type, activityId: id, data, newId } as ActivityCommand,
      hashed: { type, data },
      request,
      reason: reasonOf(data),
    });
  }
}

/** A cancellation may say why in its note. */
function reasonOf(data: ActivityCommandData<ActivityChangeType>): string | undefined {
  if ('reason' in data) return data.reason;
  return 'note' in data ? data.note : undefined;
}
