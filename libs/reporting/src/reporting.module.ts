import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { RecordAnnualReportHandler } from './editions/commands/record-annual-report.js';
import { EditionsController } from './editions/http/editions.controller.js';
import { EditionQueries } from './editions/queries/edition-queries.js';
import { ReportsController } from './http/reports.controller.js';

/**
 * Takes commands on annual reports, without HTTP. Needs `CommandExecutor`, `DataSource`, `CaughtUp`, `ReportPolicy` and
 * `StateSeal` from the composition.
 */
@Module({ imports: [CqrsModule], providers: [RecordAnnualReportHandler] })
export class ReportingCommandsModule {}

/** Reports and editions over HTTP. Needs also `Clock` and `EventStore`. */
@Module({
  imports: [CqrsModule, ReportingCommandsModule],
  providers: [EditionQueries],
  controllers: [ReportsController, EditionsController],
})
export class ReportingModule {}
