import { UnreadableEvent, type RecordedEvent } from '#event-sourcing';
import type { DomainEvent } from '#shared-kernel';

/**
 * How an aggregate is shown, in steps: n events are folded in n of them, whichever of the states are then shown. What is
 * not recorded is absent. A part that stands in a list carries its id, in `cycleId` where the list is `cycles`.
 */
export interface View<
  Event extends DomainEvent = DomainEvent,
  State = unknown,
  Shown extends object = object,
> {
  /** The state after one more event; undefined is that before the first. */
  evolve(state: State | undefined, event: RecordedEvent<Event>): State | undefined;
  /** All that the events say. What an event leaves alone is the same object as before. */
  show(state: State): Shown;
  /** Adds what no event says: the order of the parts, and what depends on the day it is looked at. */
  arrange?(shown: Shown, at: Date): Shown;
}

/** What every view says beside its own fields. */
export interface RecordView {
  readonly id: string;
  readonly recordedAt: string;
  readonly changedAt: string;
  readonly revision: number;
  /** Commit position of its newest event. */
  readonly position: string;
}

/** The state that the events lead to, from one before them. */
export function fold<Event extends DomainEvent, State, Shown extends object>(
  view: View<Event, State, Shown>,
  events: readonly RecordedEvent<Event>[],
  before?: State,
): State | undefined {
  return events.reduce<State | undefined>((state, event) => view.evolve(state, event), before);
}

/**
 * What is worked out of events up to the last. A view counts on their order, which holds for all that a decider has let
 * through, but not where a stored event was altered.
 * @throws UnreadableEvent where they lead to nothing that can be shown
 */
export function workedOut<Result>({ stream, revision }: RecordedEvent, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    throw new UnreadableEvent(`the events up to revision ${revision} of ${stream} do not fit together`, {
      cause,
    });
  }
}

/**
 * One aggregate as it is answered.
 * @param events all up to the state that is shown, oldest first; at least one
 * @param at the time it is shown as of, or now: what is due by then is told from what is not yet
 * @throws UnreadableEvent see workedOut
 */
export function viewOf<Event extends DomainEvent, State, Shown extends object>(
  view: View<Event, State, Shown>,
  id: string,
  events: readonly RecordedEvent<Event>[],
  at: Date,
): RecordView & Shown {
  const [first, last] = [events[0]!, events.at(-1)!];
  const shown = workedOut(last, () => view.show(fold(view, events)!));
  return {
    id,
    ...(view.arrange?.(shown, at) ?? shown),
    recordedAt: first.metadata.recordedAt,
    changedAt: last.metadata.recordedAt,
    revision: Number(last.revision),
    position: String(last.position),
  };
}
