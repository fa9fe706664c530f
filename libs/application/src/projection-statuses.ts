import { Injectable } from '@nestjs/common';

import { EventStore, projectionStatuses, type ProjectionStatus } from '#event-sourcing';
import { Clock } from '#shared-kernel';
import { DataSource } from 'typeorm';
import { streamPrefixes } from './contexts.js';

/** How the projections stand now, against the event store's head. */
@Injectable()
export class ProjectionStatuses {
  constructor(
    private readonly dataSource: DataSource,
    private readonly store: EventStore,
    private readonly clock: Clock,
  ) {}

  read(): Promise<ProjectionStatus[]> {
    const sql = { query: async (text: string, values?: unknown[]) => this.rows(text, values) };
    return projectionStatuses(sql as never, this.store, streamPrefixes, this.clock.now().getTime());
  }

  private async rows(text: string, values?: unknown[]): Promise<{ rows: unknown[] }> {
    return { rows: await this.dataSource.query(text, values) };
  }
}
