import { setTimeout as sleep } from 'node:timers/promises';
import { isRefusal, type Decider, type DomainEvent, type Refusal } from '#shared-kernel';
import { uuidv5 } from '../uuid.js';
import { z } from 'zod';
import { canonicalHash } from '../canonical-hash.js';
import type { RecordedEvent } from '../recorded-event.js';
import { WrongExpectedRevision } from '../store/errors.js';
import type { EventStore, NewEvent } from '../store/event-store.js';
import { NO_REVISION } from '../store/name-error.js';
import type { CommandOutcome, CommandRequest } from './command-request.js';
import { CommandConflict, CommandIdReused, CommandRefused, StaleRevision } from './errors.js';
import { OneAtATime } from './one-at-a-time.js';

/** Of the streams that hold the command ids chosen by clients. */
export const COMMAND_STREAM_PREFIX = 'command-';

/** A command id chosen by a client, and the command it was first used for: one event in a stream of its own. */
export const commandEventDefinitions = {
  CommandIdTaken: {
    version: 1,
    schema: z.strictObject({
      commandHash: z.string(),
      stream: z.string(),
      /** Where the aggregate stood when the command was found to change nothing: there is no event that would say so. */
      unchanged: z.strictObject({ revision: z.string(), position: z.string() }).optional(),
    }),
  },
};
type CommandIdTaken = z.output<typeof commandEventDefinitions.CommandIdTaken.schema>;

export interface Work<State, Command, Event extends DomainEvent> {
  readonly decider: Decider<State, Command, Event>;
  readonly stream: string;
  /** Of the aggregate, for the answer. */
  readonly id: string;
  readonly command: Command;
  /**
   * Makes the command whole where `decide` needs what must be computed first; a refusal that is plain without it spares the
   * work. Asked for at each attempt, and not at all for a command carried out before. No part of the command's hash: a
   * retry may find something else.
   */
  readonly complete?: (state: State) => Promise<Command | Refusal>;
  /** What makes the command this command: with the stream it is what its hash covers. JSON values. */
  readonly hashed: unknown;
  readonly request: CommandRequest;
  readonly reason?: string;
  /**
   * The aggregate is likely not to be there: it is decided as if it were not, and looked for only where the store, or the
   * decision, refuses that.
   */
  readonly isNew?: boolean;
}

const MAX_ATTEMPTS = 10;
/** Milliseconds, after the first attempt; longer after each further one. */
const LONGEST_REST = 5;

/**
 * Takes commands: load, evolve, decide, append with the expected revision. A conflict is decided anew, a bounded number of
 * times. Commands of one aggregate queue up within the process, since a conflict avoided is cheaper than one retried.
 */
export class CommandExecutor {
  private readonly queue = new OneAtATime();

  /** `random`: 0 to 1, spreads the retries of programs that collided. */
  constructor(
    private readonly store: EventStore,
    private readonly random: () => number = Math.random,
  ) {}

  /**
   * Carries out one command, once: an id seen before answers what it answered then.
   * @throws CommandRefused, StaleRevision, CommandConflict, CommandIdReused, and the store's errors
   */
  execute<State, Command, Event extends DomainEvent>(
    work: Work<State, Command, Event>,
  ): Promise<CommandOutcome> {
    return this.queue.run(work.stream, () => this.decideUntilWritten(work));
  }

  private async decideUntilWritten<State, Command, Event extends DomainEvent>(
    work: Work<State, Command, Event>,
  ): Promise<CommandOutcome> {
    const { decider, stream, id, request } = work;
    const commandHash = hashOf(stream, work.hashed);
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      const isGuess = work.isNew && attempt === 1;
      const history = isGuess ? [] : await this.store.readStream(stream);
      const earlier = history.findLast((event) => event.metadata.commandId === request.commandId);
      if (earlier) {
        if (earlier.metadata.commandHash !== commandHash) throw new CommandIdReused();
        return { id, revision: earlier.revision, position: earlier.position };
      }
      const last = history.at(-1);
      const revision = last?.revision ?? NO_REVISION;
      const stale = request.expectedRevision !== undefined && request.expectedRevision !== revision;
      const state = (history as RecordedEvent<Event>[]).reduce(
        (folded, event) => decider.evolve(folded, event),
        decider.initialState,
      );
      const decision = stale && last ? undefined : await decisionOf(work, state);
      const isRefused = !decision || isRefusal(decision) || stale;
      // Only what is appended puts the guess to the test.
      if (isGuess && (isRefused || decision.length === 0)) continue;
      if (isRefused) {
        // What changed nothing the first time has left no event: only the reservation knows of it.
        const first = request.keyed ? await this.reservedBy(work, commandHash) : undefined;
        if (first) return first;
        if (decision && isRefusal(decision)) throw new CommandRefused(decision);
        throw new StaleRevision(request.expectedRevision!, revision);
      }
      const unchanged =
        decision.length === 0 ? { id, revision, position: last?.position ?? NO_REVISION } : undefined;
      const first = request.keyed ? await this.takeCommandId(work, commandHash, unchanged) : unchanged;
      if (first ?? unchanged) return (first ?? unchanged)!;
      const events = newEvents(decision, work, commandHash);
      try {
        const appended = await this.store.append(stream, revision, events, last?.metadata.hash);
        return { id, revision: appended.revision, position: appended.position };
      } catch (error) {
        if (!(error instanceof WrongExpectedRevision)) throw error;
        // Two programs in step would collide at every try.
        await sleep(this.random() * LONGEST_REST * attempt);
      }
    }
    throw new CommandConflict(`${stream} changed ${MAX_ATTEMPTS} times while the command was being decided`);
  }

  /**
   * First use writes, the same command again is the store's idempotent success.
   * @returns what the first use answered, if it is known by now that it changed nothing
   * @throws CommandIdReused when the id was taken for another command
   */
  private async takeCommandId<State, Command, Event extends DomainEvent>(
    { stream, id, request }: Work<State, Command, Event>,
    commandHash: string,
    unchanged: CommandOutcome | undefined,
  ): Promise<CommandOutcome | undefined> {
    const reservation = `${COMMAND_STREAM_PREFIX}${request.commandId}`;
    const data: CommandIdTaken = { commandHash, stream };
    if (unchanged) {
      data.unchanged = { revision: String(unchanged.revision), position: String(unchanged.position) };
    }
    const event = {
      id: uuidv5(`${commandHash} ${unchanged?.revision ?? ''}`, request.commandId),
      event: { type: 'CommandIdTaken', data },
      metadata: metadataOf(request, commandHash),
    };
    try {
      await this.store.append(reservation, NO_REVISION, [event]);
      return undefined;
    } catch (error) {
      if (!(error instanceof WrongExpectedRevision)) throw error;
    }
    return this.reservedBy({ id, request }, commandHash);
  }

  /**
   * What the first use of the command's id answered when it changed nothing; undefined when it was to change something, or
   * there was none.
   * @throws CommandIdReused when it was another command
   */
  private async reservedBy(
    { id, request }: { id: string; request: CommandRequest },
    commandHash: string,
  ): Promise<CommandOutcome | undefined> {
    const [first] = await this.store.readStream(`${COMMAND_STREAM_PREFIX}${request.commandId}`);
    if (!first) return undefined;
    const taken = first.data as CommandIdTaken;
    if (taken.commandHash !== commandHash) throw new CommandIdReused();
    if (!taken.unchanged) return undefined;
    const { revision, position } = taken.unchanged;
    return { id, revision: BigInt(revision), position: BigInt(position) };
  }
}

async function decisionOf<State, Command, Event extends DomainEvent>(
  { decider, command, complete, request }: Work<State, Command, Event>,
  state: State,
): Promise<readonly Event[] | Refusal> {
  const whole = complete ? await complete(state) : command;
  return isRefusal(whole) ? whole : decider.decide(whole, state, { actor: request.actor, now: request.now });
}

function newEvents(
  decision: readonly DomainEvent[],
  { request, reason }: { request: CommandRequest; reason?: string },
  commandHash: string,
): NewEvent[] {
  const metadata = { ...metadataOf(request, commandHash), ...(reason === undefined ? {} : { reason }) };
  return decision.map((event, ordinal) => ({
    id: uuidv5(`event:${ordinal}`, request.commandId),
    event,
    metadata,
  }));
}

function metadataOf(request: CommandRequest, commandHash: string): NewEvent['metadata'] {
  return {
    actor: request.actor,
    recordedAt: request.now,
    commandId: request.commandId,
    commandHash,
    $correlationId: request.correlationId,
    $causationId: request.causationId ?? request.commandId,
  };
}

function hashOf(stream: string, hashed: unknown): string {
  return canonicalHash({ stream, hashed });
}
