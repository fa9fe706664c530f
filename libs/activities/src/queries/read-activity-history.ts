import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { EventStore } from '#event-sourcing';
import type { Actor } from '#shared-kernel';
import { activityEvents } from './read-activity.js';

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

/** Every event of one activity, oldest first. */
export class ReadActivityHistory extends Query<{ readonly items: readonly HistoryItem[] }> {
  constructor(readonly activityId: string) {
    super();
  }
}

@QueryHandler(ReadActivityHistory)
export class ReadActivityHistoryHandler implements IQueryHandler<ReadActivityHistory> {
  constructor(private readonly store: EventStore) {}

  /** @throws Problem 404 when there is no such activity */
  async execute({ activityId }: ReadActivityHistory): Promise<{ items: readonly HistoryItem[] }> {
    const events = await activityEvents(this.store, activityId);
    return {
      items: events.map(({ revision, position, id, type, data, metadata }) => ({
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
      })),
    };
  }
}
