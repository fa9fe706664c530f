import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { EventStore, readHistory, type At } from '#event-sourcing';
import { Clock } from '#shared-kernel';
import { viewOf, type RecordView, type View } from './view.js';

/** One aggregate, now or at a past time or revision, folded from its events: exact at once, whatever the read model's lag. */
export class ReadRecord extends Query<RecordView> {
  constructor(
    readonly aggregate: string,
    readonly view: View,
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
    const events = await readHistory(this.store, aggregate, id, at);
    return viewOf(view, id, events, at.asOf === undefined ? this.clock.now() : new Date(at.asOf));
  }
}
