import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { EventStore, type RecordedEvent } from '#event-sourcing';
import { Problem } from '#http';
import { activityStream, type ActivityEvent } from '../domain/events.js';
import { activityView, type ActivityView } from './activity-view.js';

/** One activity, now or at a past time or revision, folded from its events: exact at once, whatever the read model's lag. */
export class ReadActivity extends Query<ActivityView> {
  constructor(
    readonly activityId: string,
    readonly at: { readonly asOf?: string; readonly revision?: bigint } = {},
  ) {
    super();
  }
}

@QueryHandler(ReadActivity)
export class ReadActivityHandler implements IQueryHandler<ReadActivity> {
  constructor(private readonly store: EventStore) {}

  /** @throws Problem 404 when there is no such activity, or was not then, or it has no such revision */
  async execute({ activityId, at: { asOf, revision } }: ReadActivity): Promise<ActivityView> {
    const events = await activityEvents(this.store, activityId);
    if (revision !== undefined && revision > events.at(-1)!.revision) {
      throw new Problem(
        404,
        'RevisionNotFound',
        `Activity ${activityId} is at revision ${events.at(-1)!.revision}.`,
      );
    }
    const known = asOf === undefined ? events : recordedBy(events, asOf);
    const wanted = revision === undefined ? known : known.filter((event) => event.revision <= revision);
    if (wanted.length === 0) {
      throw new Problem(404, 'ActivityNotFound', `Activity ${activityId} was not recorded yet at ${asOf}.`);
    }
    return activityView(activityId, wanted);
  }
}

/** @throws Problem 404 when there are none */
export async function activityEvents(
  store: EventStore,
  activityId: string,
): Promise<RecordedEvent<ActivityEvent>[]> {
  const events = await store.readStream(activityStream(activityId));
  if (events.length === 0) throw new Problem(404, 'ActivityNotFound', `There is no activity ${activityId}.`);
  return events as RecordedEvent<ActivityEvent>[];
}

/** Up to the first event recorded later: what follows it was not known before, even if a clock stepped back. */
function recordedBy(
  events: readonly RecordedEvent<ActivityEvent>[],
  asOf: string,
): readonly RecordedEvent<ActivityEvent>[] {
  const later = events.findIndex(({ metadata }) => Date.parse(metadata.recordedAt) > Date.parse(asOf));
  return later < 0 ? events : events.slice(0, later);
}
