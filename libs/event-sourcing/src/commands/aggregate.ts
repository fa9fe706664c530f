import type { AggregateCommand, Decider, DomainEvent, Refusal } from '#shared-kernel';
import type { CommandExecutor } from './command-executor.js';
import type { CommandOutcome, CommandRequest } from './command-request.js';
import { newId, partId } from './derived-ids.js';

/** An aggregate by the rules of one office: what is needed to carry out any command on it. */
export interface Aggregate<State, Command extends AggregateCommand, Event extends DomainEvent> {
  /** Begins the names of its streams: `<name>-<id>`. */
  readonly name: string;
  readonly decider: Decider<State, Command, Event>;
  /** The id of a new one that its data give, so that there is one only; undefined: it comes from the command's id. */
  idFrom?(data: Command['data']): string | undefined;
}

/** The aggregate's name as error codes have it: `annual_report` → `AnnualReport`, as in AnnualReportNotFound. */
export function nameInCodes(aggregate: string): string {
  return aggregate
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

/** A command as it was asked for. */
export interface Asked {
  readonly type: string;
  /** Has passed the command's schema. */
  readonly data: object;
  readonly request: CommandRequest;
  /** Of the aggregate; absent: a new one. */
  readonly id?: string;
  /** See Work; absent: what has an id of its own is taken to be there. */
  readonly isNew?: boolean;
}

/**
 * Carries out one command on one aggregate, whichever way it came in.
 * @param complete see `Work`; takes the command as it was asked for
 * @throws what `CommandExecutor.execute` throws
 */
export function carryOut<State, Command extends AggregateCommand, Event extends DomainEvent>(
  executor: CommandExecutor,
  aggregate: Aggregate<State, Command, Event>,
  { type, data, request, id: given, isNew }: Asked,
  complete?: (command: AggregateCommand, state: State) => Promise<Command | Refusal>,
): Promise<CommandOutcome> {
  const named = given ?? aggregate.idFrom?.(data);
  const id = named ?? newId(request, aggregate.name);
  const command = { type, id, data, newId: (ordinal: number) => partId(request, ordinal) };
  return executor.execute({
    decider: aggregate.decider,
    stream: `${aggregate.name}-${id}`,
    id,
    // Type and data belong together by whoever made the message; a union cannot say so once they are apart.
    command: command as unknown as Command,
    ...(complete && { complete: (state: State) => complete(command, state) }),
    hashed: { type, data },
    request,
    reason: reasonOf(type, data),
    isNew: isNew ?? named === undefined,
  });
}

/** A cancellation may say why in its note; any other note is part of what is recorded. */
function reasonOf(
  type: string,
  data: { readonly reason?: unknown; readonly note?: unknown },
): string | undefined {
  const reason = data.reason ?? (type === 'cancel' ? data.note : undefined);
  return typeof reason === 'string' ? reason : undefined;
}
