import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { activityCommandSchemas, RecordActivity } from '#activities';
import {
  AppendTooLarge,
  CommandConflict,
  CommandIdReused,
  CommandRefused,
  type CommandRequest,
} from '#event-sourcing';
import type { Actor, RefusalError } from '#shared-kernel';
import { v5 as uuidv5 } from 'uuid';
import type { Assembled } from '../map/assemble.js';
import type { TakeCommand } from './activity-commands.js';

const IMPORTS = '8f1f5c74-5d4c-5c8b-9a0e-2f6a1c0b7d3e';

export interface Activity extends Assembled {
  /** What tells it from every other of its profile. */
  readonly key: string;
}

export interface Context {
  readonly profile: string;
  readonly actor: Actor;
  /** RFC 3339 UTC. */
  readonly now: () => string;
  /** One of all commands of the import. */
  readonly correlationId: string;
  /** Commit position of the store's end when the import began. */
  readonly head: bigint;
  readonly take: TakeCommand;
}

export type Taken = { readonly created: boolean } | { readonly refused: readonly RefusalError[] };

/**
 * Records one activity by the commands anybody else uses. Its id comes from its reference, else from the profile and its
 * key; the commands' ids from that and its content: the same content again is no new fact, another one is refused.
 */
export async function takeActivity(activity: Activity, context: Context): Promise<Taken> {
  const { key, status, activity: fields, participations, costs, sources } = activity;
  const data = { ...fields, sources: [...sources] };
  const parsed = activityCommandSchemas.log.safeParse({
    ...data,
    participations: [...participations],
    costs: [...costs],
  });
  if (!parsed.success) {
    // Each line is sound by itself; together they may be too many.
    return {
      refused: parsed.error.issues.map(({ path, message }) => ({
        code: 'Invalid',
        message: `${path.join('.')}: ${message}`,
        pointer: path.map((name) => `/${String(name)}`).join(''),
      })),
    };
  }
  const name = `${context.profile}\n${key}`;
  const content = canonicalize({ status, data: parsed.data, cancel: activity.cancel })!;
  const hash = createHash('sha256').update(content).digest('hex');
  const request = (step: string): CommandRequest => ({
    actor: context.actor,
    now: context.now(),
    commandId: uuidv5(`${name}\n${hash}\n${step}`, IMPORTS),
    keyed: false,
    correlationId: context.correlationId,
  });
  const id = parsed.data.reference === undefined ? uuidv5(name, IMPORTS) : undefined;
  const { participations: _, costs: settled, held: __, ...planned } = parsed.data;
  try {
    const first =
      status === 'held'
        ? await context.take(new RecordActivity('log', parsed.data, request('log'), id))
        : await context.take(new RecordActivity('plan', planned, request('plan'), id));
    if (status !== 'held') {
      for (const [index, cost] of settled.entries()) {
        await context.take(new RecordActivity('record-cost', cost, request(`cost ${index}`), first.id));
      }
    }
    if (status === 'cancelled') {
      const cancel = activityCommandSchemas.cancel.parse(activity.cancel);
      await context.take(new RecordActivity('cancel', cancel, request('cancel'), first.id));
    }
    return { created: first.position > context.head };
  } catch (error) {
    return { refused: refusalOf(error) };
  }
}

/** Why the commands were refused. @throws what is not a refusal, such as a store that does not answer */
function refusalOf(error: unknown): readonly RefusalError[] {
  if (error instanceof CommandIdReused) return [OTHER_CONTENT];
  if (error instanceof CommandConflict) return [{ code: 'Conflict', message: error.message }];
  if (error instanceof AppendTooLarge) {
    return [{ code: 'TooLarge', message: 'more than the event store takes at once' }];
  }
  if (!(error instanceof CommandRefused)) throw error;
  return error.refusal.errors.map((fault) => (fault.code === 'ActivityExists' ? OTHER_CONTENT : fault));
}

const OTHER_CONTENT: RefusalError = {
  code: 'imported-with-other-content',
  message:
    'this activity is recorded already, with other content; correct it there, an import changes nothing',
};
