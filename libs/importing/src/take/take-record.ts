import {
  AppendTooLarge,
  canonicalHash,
  CommandConflict,
  CommandIdReused,
  CommandRefused,
  nameInCodes,
  uuidv5,
  type CommandRequest,
} from '#event-sourcing';
import type { Actor, RefusalError } from '#shared-kernel';
import type { Assembled } from '../assemble.js';
import type { Profile } from '../profile/profile.js';
import type { RecordAggregate, RecordKind } from '../records/record-kind.js';
import type { TakeCommand } from './carry-out.js';

const IMPORTS = '8f1f5c74-5d4c-5c8b-9a0e-2f6a1c0b7d3e';

export interface AssembledRecord extends Assembled {
  /** What tells it from every other of its profile. */
  readonly key: string;
}

export interface Context {
  readonly profile: Profile;
  readonly aggregate: RecordAggregate;
  readonly actor: Actor;
  /** RFC 3339 UTC. */
  readonly now: () => string;
  /** One of all commands of the import. */
  readonly correlationId: string;
  /** Commit position of the store's end when the import began. */
  readonly head: bigint;
  readonly take: TakeCommand;
  /** What the events of a record that is stored come to. */
  readonly stateOf: (id: string) => Promise<unknown>;
}

export type Taken =
  { readonly created: boolean; readonly withdrawn: boolean } | { readonly refused: readonly RefusalError[] };

/**
 * Records one by the commands anybody else uses. Its id comes from its data where its kind has such an id, else from the profile
 * and its key; the commands' ids from that and its content: the same content again is no new fact, another one is refused.
 */
export async function takeRecord(record: AssembledRecord, context: Context): Promise<Taken> {
  const { aggregate } = context;
  const { name: profile, kind } = context.profile;
  const { key, status } = record;
  const parsed = kind.schema.safeParse(record.data);
  if (!parsed.success) {
    // Each line is sound by itself; together they may be too many, or not one of them has what is needed.
    return {
      refused: parsed.error.issues.map(({ path, message }) => ({
        code: 'Invalid',
        message: `${path.join('.')}: ${message}`,
        pointer: path.map((name) => `/${String(name)}`).join(''),
      })),
    };
  }
  const { data } = parsed;
  const name = `${profile}\n${key}`;
  const hash = canonicalHash({ status, data, cancel: record.cancel });
  const request = (step: string): CommandRequest => ({
    actor: context.actor,
    now: context.now(),
    commandId: uuidv5(`${name}\n${hash}\n${step}`, IMPORTS),
    keyed: false,
    correlationId: context.correlationId,
  });
  const id = aggregate.idFrom?.(data) ?? uuidv5(name, IMPORTS);
  try {
    let created = false;
    const cancel = status === 'cancelled' && kind.cancel ? kind.cancel.parse(record.cancel) : {};
    const commands = kind.commands({ status, data, cancel });
    for (const [index, { type, data, step = type }] of commands.entries()) {
      // Nearly every row is imported once.
      const isNew = index === 0;
      const { position } = await context.take({ type, data, request: request(step), id, isNew });
      if (isNew) created = position > context.head;
    }
    const withdrawn = !created && !!kind.isWithdrawn?.(await context.stateOf(id));
    return { created, withdrawn };
  } catch (error) {
    return { refused: refusalOf(error, kind) };
  }
}

/** Why the commands were refused. @throws what is not a refusal, such as a store that does not answer */
function refusalOf(error: unknown, { name, noun }: RecordKind): readonly RefusalError[] {
  const otherContent: RefusalError = {
    code: 'imported-with-other-content',
    message: `this ${noun} is recorded already, with other content; correct it there, an import changes nothing`,
  };
  if (error instanceof CommandIdReused) return [otherContent];
  if (error instanceof CommandConflict) return [{ code: 'Conflict', message: error.message }];
  if (error instanceof AppendTooLarge) {
    return [{ code: 'TooLarge', message: 'more than the event store takes at once' }];
  }
  if (!(error instanceof CommandRefused)) throw error;
  const exists = `${nameInCodes(name)}Exists`;
  return error.refusal.errors.map((fault) => (fault.code === exists ? otherContent : fault));
}
