import type { Actor, DomainEvent } from '#shared-kernel';
import { nameInCodes } from '../commands/aggregate.js';
import type { RecordedEvent } from '../recorded-event.js';
import type { EventStore } from '../store/event-store.js';

/** There is no such aggregate, or was not at the time asked for. `code` names it, such as ActivityNotFound. */
export class AggregateNotFound extends Error {
  override name = 'AggregateNotFound';
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** A past state of an aggregate; empty: the present one. */
export interface At {
  /** RFC 3339: what was recorded by then. */
  readonly asOf?: string;
  /** The state after this event. */
  readonly revision?: bigint;
}

/**
 * An aggregate's events up to a state, oldest first; at least one.
 * @param aggregate its name, as in `activity`, which begins its stream's name
 * @throws AggregateNotFound when there are none, or it has no such revision
 */
export async function readHistory<Event extends DomainEvent>(
  store: EventStore,
  aggregate: string,
  id: string,
  { asOf, revision }: At = {},
): Promise<readonly RecordedEvent<Event>[]> {
  const events = (await store.readStream(`${aggregate}-${id}`)) as RecordedEvent<Event>[];
  const notFound = `${nameInCodes(aggregate)}NotFound`;
  const last = events.at(-1);
  if (!last) throw new AggregateNotFound(notFound, `There is no ${aggregate} ${id}.`);
  if (revision !== undefined && revision > last.revision) {
    throw new AggregateNotFound(
      'RevisionNotFound',
      `The ${aggregate} ${id} is at revision ${last.revision}.`,
    );
  }
  const known = asOf === undefined ? events : recordedBy(events, asOf);
  const wanted = revision === undefined ? known : known.filter((event) => event.revision <= revision);
  if (wanted.length === 0) {
    throw new AggregateNotFound(notFound, `The ${aggregate} ${id} was not recorded yet at ${asOf}.`);
  }
  return wanted;
}

/** Up to the first event recorded later: what follows it was not known before, even if a clock stepped back. */
function recordedBy<Event extends RecordedEvent>(events: readonly Event[], asOf: string): readonly Event[] {
  const later = events.findIndex(({ metadata }) => Date.parse(metadata.recordedAt) > Date.parse(asOf));
  return later < 0 ? events : events.slice(0, later);
}

/** One recorded fact: who, when, why, and what. */
export interface HistoryItem {
  readonly revision: number;
  readonly position: string;
  readonly id: string;
  readonly type: string;
  /** Version of the schema it was stored in; `data` is in the newest one. */
  readonly schemaVersion: number;
  readonly recordedAt: string;
  readonly actor: Actor;
  readonly reason?: string;
  readonly commandId: string;
  readonly correlationId: string;
  readonly causationId: string;
  readonly data: object;
}

/** An event as a history shows it. */
export function historyItem({ revision, position, id, type, data, metadata }: RecordedEvent): HistoryItem {
  return {
    revision: Number(revision),
    position: String(position),
    id,
    type,
    schemaVersion: metadata.schemaVersion,
    recordedAt: metadata.recordedAt,
    actor: metadata.actor,
    ...(metadata.reason === undefined ? {} : { reason: metadata.reason }),
    commandId: metadata.commandId,
    correlationId: metadata.$correlationId,
    causationId: metadata.$causationId,
    data,
  };
}
