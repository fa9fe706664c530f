import { Module } from '@nestjs/common';
import { ReportsController } from './http/reports.controller.js';

/** Reports over HTTP. Needs `DataSource`, `Clock`, `CaughtUp` and `ReportPolicy` from the composition. */
@Module({ controllers: [ReportsController] })
export class ReportingModule {}
