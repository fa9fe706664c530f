import { Injectable } from '@nestjs/common';
import { EventStore, projectionStatuses, ReadModels, type ProjectionStatus } from '#event-sourcing';
import { Clock } from '#shared-kernel';
import { DataSource } from 'typeorm';
import { sqlOf } from './sql-of.js';

/** How the projections stand now, against the event store's head. */
@Injectable()
export class ProjectionStatuses {
  constructor(
    private readonly dataSource: DataSource,
    private readonly store: EventStore,
    private readonly clock: Clock,
    private readonly readModels: ReadModels,
  ) {}

  read(): Promise<ProjectionStatus[]> {
    const { projections, streamPrefixes } = this.readModels;
    const now = this.clock.now().getTime();
    return projectionStatuses(sqlOf(this.dataSource), this.store, streamPrefixes, now, projections);
  }
}
