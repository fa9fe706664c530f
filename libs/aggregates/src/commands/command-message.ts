import { Command } from '@nestjs/cqrs';
import type { Asked, CommandOutcome, CommandRequest } from '#event-sourcing';

/** One command on its way to the handler of its aggregate, which gives it a class of its own. */
export abstract class CommandMessage<Type extends string, Data extends object>
  extends Command<CommandOutcome>
  implements Asked
{
  constructor(
    readonly type: Type,
    readonly data: Data,
    readonly request: CommandRequest,
    /** Of the aggregate; absent: a new one, whose id comes from its data or else from the command. */
    readonly id?: string,
  ) {
    super();
  }
}
