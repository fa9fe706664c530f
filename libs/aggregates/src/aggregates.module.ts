import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { ListRecordsHandler } from './queries/list-records.js';
import { ReadRelatedHandler } from './queries/read-related.js';
import { ReadRecordHistoryHandler } from './queries/read-history.js';
import { ReadRecordHandler } from './queries/read-record.js';

/** Answers the queries that every aggregate has. Needs `EventStore`, `DataSource`, `CaughtUp` and `Clock` from the composition. */
@Module({
  imports: [CqrsModule],
  providers: [ListRecordsHandler, ReadRecordHandler, ReadRecordHistoryHandler, ReadRelatedHandler],
})
export class AggregatesModule {}
