import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { EventStore, historyItem, readHistory, type HistoryItem } from '#event-sourcing';

/** Every event of one activity, oldest first. */
export class ReadActivityHistory extends Query<{ readonly items: readonly HistoryItem[] }> {
  constructor(readonly activityId: string) {
    super();
  }
}

@QueryHandler(ReadActivityHistory)
export class ReadActivityHistoryHandler implements IQueryHandler<ReadActivityHistory> {
  constructor(private readonly store: EventStore) {}

  /** @throws AggregateNotFound when there is no such activity */
  async execute({ activityId }: ReadActivityHistory): Promise<{ items: readonly HistoryItem[] }> {
    return { items: (await readHistory(this.store, 'activity', activityId)).map(historyItem) };
  }
}
