import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import canonicalize from 'canonicalize';
import { isRefusal, type Decider, type DomainEvent } from '#shared-kernel';
import { v5 as uuidv5 } from 'uuid';
import { z } from 'zod';
import type { EventMetadata, RecordedEvent } from '../recorded-event.js';
import { WrongExpectedRevision } from '../store/errors.js';
import type { Appended, EventStore, NewEvent } from '../store/event-store.js';
import { NO_REVISION } from '../store/name-error.js';
import type { CommandOutcome, CommandRequest } from './command-request.js';
import { CommandConflict, CommandIdReused, CommandRefused, StaleRevision } from './errors.js';
import { OneAtATime } from './one-at-a-time.js';

/** A command id chosen by a client, and the command it was first used for: one event in a stream of its own. */
export const commandEventDefinitions = {
  CommandIdTaken: { version: 1, schema: z.strictObject({ commandHash: z.string(), stream: z.string() }) },
};

export interface Work<State, Command, Event extends DomainEvent> {
  readonly decider: Decider<State, Command, Event>;
  readonly stream: string;
  /** Of the aggregate, for the answer. */
  readonly id: string;
  readonly command: Command;
  /** What makes the command this command: with the stream it is what its hash covers. JSON values. */
  readonly hashed: unknown;
  readonly request: CommandRequest;
  readonly reason?: string;
  /** The aggregate's id comes from the command's, so it can exist only if this very command was taken before: skip the load. */
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
    const { decider, stream, id, command, request } = work;
    const commandHash = hashOf(stream, work.hashed);
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      const history = work.isNew && attempt === 1 ? [] : await this.store.readStream(stream);
      const earlier = history.findLast((event) => event.metadata.commandId === request.commandId);
      if (earlier) {
        if (earlier.metadata.commandHash !== commandHash) throw new CommandIdReused();
        return { id, revision: earlier.revision, position: earlier.position };
      }
      const last = history.at(-1);
      const revision = last?.revision ?? NO_REVISION;
      if (request.expectedRevision !== undefined && request.expectedRevision !== revision && last) {
        throw new StaleRevision(request.expectedRevision, revision);
      }
      const state = (history as RecordedEvent<Event>[]).reduce(
        (folded, event) => decider.evolve(folded, event),
        decider.initialState,
      );
      const decision = decider.decide(command, state, { actor: request.actor, now: request.now });
      if (isRefusal(decision)) throw new CommandRefused(decision);
      if (decision.length === 0) return { id, revision, position: last?.position ?? NO_REVISION };
      const events = newEvents(decision, work, commandHash);
      if (request.keyed) await this.takeCommandId(work, commandHash, events[0]!.metadata);
      try {
        const appended = await this.store.append(stream, revision, events);
        return { id, ...appended };
      } catch (error) {
        if (!(error instanceof WrongExpectedRevision)) throw error;
        // Two programs in step would collide at every try.
        await sleep(this.random() * LONGEST_REST * attempt);
      }
    }
    throw new CommandConflict(`${stream} changed ${MAX_ATTEMPTS} times while the command was being decided`);
  }

  /** First use writes, the same command again is the store's idempotent success, another command finds other ids. */
  private async takeCommandId(
    { stream, request }: { stream: string; request: CommandRequest },
    commandHash: string,
    metadata: NewEvent['metadata'],
  ): Promise<Appended> {
    const id = uuidv5(commandHash, request.commandId);
    const event = { type: 'CommandIdTaken', data: { commandHash, stream } };
    try {
      return await this.store.append(`command-${request.commandId}`, NO_REVISION, [{ id, event, metadata }]);
    } catch (error) {
      throw error instanceof WrongExpectedRevision ? new CommandIdReused() : error;
    }
  }
}

function newEvents(
  decision: readonly DomainEvent[],
  { request, reason }: { request: CommandRequest; reason?: string },
  commandHash: string,
): NewEvent[] {
  const metadata: Omit<EventMetadata, 'schemaVersion'> = {
    actor: request.actor,
    recordedAt: request.now,
    ...(reason === undefined ? {} : { reason }),
    commandId: request.commandId,
    commandHash,
    $correlationId: request.correlationId,
    $causationId: request.causationId ?? request.commandId,
  };
  return decision.map((event, ordinal) => ({
    id: uuidv5(`event:${ordinal}`, request.commandId),
    event,
    metadata,
  }));
}

function hashOf(stream: string, hashed: unknown): string {
  return createHash('sha256').update(canonicalize({ stream, hashed })!).digest('hex');
}
