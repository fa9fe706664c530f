import { CaughtUp } from '#http';
import { awaitAsOf } from '#postgres';
import {
  annualTotalsCsv,
  readAnnualReport,
  readAnnualTotals,
  reportCsv,
  reportedProjections,
  ReportPolicy,
} from '#reporting';
import { Clock } from '#shared-kernel';
import { DataSource } from 'typeorm';
import { withApplication } from '../stores/connect.js';
import { annualTotalsTable, reportTables } from './tables.js';

export interface ReportOptions {
  readonly asOf?: string;
  readonly country?: string;
  readonly format: 'table' | 'json' | 'csv';
}

/** `coop report [YEAR]`: the table of years, or one year's report, on standard output. */
export async function report(year: number | undefined, options: ReportOptions): Promise<void> {
  await withApplication(async (application) => {
    const dataSource = application.get(DataSource);
    const { annualTarget } = application.get(ReportPolicy);
    const { asOf, country, format } = options;
    const clock = application.get(Clock);
    const state = await awaitAsOf({ asOf }, reportedProjections, clock, application.get<CaughtUp>(CaughtUp));
    const request = { ...state, country, annualTarget, now: clock.now() };
    if (year === undefined) {
      const totals = await readAnnualTotals(dataSource, request);
      console.log({ table: annualTotalsTable, csv: annualTotalsCsv, json: JSON.stringify }[format](totals));
    } else {
      const one = await readAnnualReport(dataSource, year, request);
      console.log({ table: reportTables, csv: reportCsv, json: JSON.stringify }[format](one));
    }
  });
}
