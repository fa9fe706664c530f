import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import {
  EventStore,
  historyItem,
  readHistory,
  type At,
  type HistoryItem,
  type RecordedEvent,
} from '#event-sourcing';
import { Clock, type DomainEvent } from '#shared-kernel';

/**
 * Folds an aggregate's events, of which there is at least one, into what is shown of it.
 * @param at the time it is shown as of, or now: what is due by then is told from what is not yet
 */
export type View<Event extends DomainEvent> = (
  id: string,
  events: readonly RecordedEvent<Event>[],
  at: Date,
) => RecordView;

/** One aggregate with all that is recorded of it. What is not recorded is absent. */
export interface RecordView {
  readonly id: string;
  readonly recordedAt: string;
  readonly changedAt: string;
  readonly revision: number;
  /** Commit position of its newest event. */
  readonly position: string;
}

/** What every view says of when it was recorded. */
export function recorded(id: string, events: readonly RecordedEvent[]): RecordView {
  const [first, last] = [events[0]!, events.at(-1)!];
  return {
    id,
    recordedAt: first.metadata.recordedAt,
    changedAt: last.metadata.recordedAt,
    revision: Number(last.revision),
    position: String(last.position),
  };
}

/** One aggregate, now or at a past time or revision, folded from its events: exact at once, whatever the read model's lag. */
export class ReadRecord extends Query<RecordView> {
  constructor(
    readonly aggregate: string,
    readonly view: View<never>,
    readonly id: string,
    readonly at: At = {},
  ) {
    super();
  }
}

@QueryHandler(ReadRecord)
export class ReadRecordHandler implements IQueryHandler<ReadRecord> {
  constructor(
    private readonly store: EventStore,
    private readonly clock: Clock,
  ) {}

  /** @throws AggregateNotFound when there is no such aggregate, or was not then, or it has no such revision */
  async execute({ aggregate, view, id, at }: ReadRecord): Promise<RecordView> {
    const events = await readHistory<never>(this.store, aggregate, id, at);
    return view(id, events, at.asOf === undefined ? this.clock.now() : new Date(at.asOf));
  }
}

/** Every event of one aggregate, oldest first. */
export class ReadRecordHistory extends Query<{ readonly items: readonly HistoryItem[] }> {
  constructor(
    readonly aggregate: string,
    readonly id: string,
  ) {
    super();
  }
}

@QueryHandler(ReadRecordHistory)
export class ReadRecordHistoryHandler implements IQueryHandler<ReadRecordHistory> {
  constructor(private readonly store: EventStore) {}

  /** @throws AggregateNotFound when there is no such aggregate */
  async execute({ aggregate, id }: ReadRecordHistory): Promise<{ items: readonly HistoryItem[] }> {
    return { items: (await readHistory(this.store, aggregate, id)).map(historyItem) };
  }
}
