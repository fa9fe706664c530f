import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { EventStore, readHistory, type At } from '#event-sourcing';
import type { ActivityEvent } from '../domain/events.js';
import { activityView, type ActivityView } from './activity-view.js';

/** One activity, now or at a past time or revision, folded from its events: exact at once, whatever the read model's lag. */
export class ReadActivity extends Query<ActivityView> {
  constructor(
    readonly activityId: string,
    readonly at: At = {},
  ) {
    super();
  }
}

@QueryHandler(ReadActivity)
export class ReadActivityHandler implements IQueryHandler<ReadActivity> {
  constructor(private readonly store: EventStore) {}

  /** @throws AggregateNotFound when there is no such activity, or was not then, or it has no such revision */
  async execute({ activityId, at }: ReadActivity): Promise<ActivityView> {
    return activityView(activityId, await readHistory<ActivityEvent>(this.store, 'activity', activityId, at));
  }
}
