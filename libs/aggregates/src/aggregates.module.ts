import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { ListRecordsHandler } from './queries/list-records.js';
import { ReadRecordHandler, ReadRecordHistoryHandler } from './queries/read-record.js';
import { ReadRelatedHandler } from './queries/read-related.js';

/** Answers the queries that every aggregate has. Needs `EventStore`, `DataSource` and `Clock` from the composition. */
@Module({
  imports: [CqrsModule],
  providers: [ListRecordsHandler, ReadRecordHandler, ReadRecordHistoryHandler, ReadRelatedHandler],
})
export class AggregatesModule {}
