import { Refused } from '#process';
import { EventStore } from '#event-sourcing';
import { awaitAsOf, CaughtUp } from '#http';
import {
  annualTotalsCsv,
  editionCsv,
  EditionQueries,
  readAnnualReport,
  readAnnualTotals,
  reportCsv,
  reportedProjections,
  ReportPolicy,
  type Basis,
} from '#reporting';
import { Clock } from '#shared-kernel';
import { DataSource } from 'typeorm';
import { withReadModels } from '../stores/read-models.js';
import { annualTotalsTable, editionTables, reportTables } from './tables.js';

export interface ReportOptions {
  readonly asOf?: string;
  readonly country?: string;
  /** Of one year. */
  readonly edition?: number;
  /** Of the table of years. */
  readonly basis?: Basis;
  readonly format: 'table' | 'json' | 'csv';
}

/**
 * `coop report [YEAR]`: the table of years, or one year's report, on standard output.
 * @throws Refused for options that do not go together
 */
export async function report(year: number | undefined, options: ReportOptions): Promise<void> {
  refuseUnfit(year, options);
  await withReadModels(async (application) => {
    const dataSource = application.get(DataSource);
    const { annualTarget } = application.get(ReportPolicy);
    const { asOf, country, edition, basis, format } = options;
    const clock = application.get(Clock);
    const caughtUp = application.get<CaughtUp>(CaughtUp);
    if (year !== undefined && edition !== undefined) {
      const queries = new EditionQueries(dataSource, application.get(EventStore), clock, caughtUp);
      const one = await queries.edition(year, edition);
      console.log({ table: editionTables, csv: editionCsv, json: JSON.stringify }[format](one));
      return;
    }
    const state = await awaitAsOf({ asOf }, reportedProjections, clock, caughtUp);
    const request = { ...state, country, annualTarget };
    if (year === undefined) {
      const totals = await readAnnualTotals(dataSource, request, basis);
      console.log({ table: annualTotalsTable, csv: annualTotalsCsv, json: JSON.stringify }[format](totals));
    } else {
      const one = await readAnnualReport(dataSource, year, request);
      console.log({ table: reportTables, csv: reportCsv, json: JSON.stringify }[format](one));
    }
  });
}

function refuseUnfit(year: number | undefined, { edition, basis, asOf, country }: ReportOptions): void {
  if (edition !== undefined && (year === undefined || asOf !== undefined || country !== undefined)) {
    throw new Refused(
      '--edition is of one year, as it was published: give the year, and neither --as-of nor --country.',
    );
  }
  if (basis !== undefined && year !== undefined) throw new Refused('--basis is for the table of years.');
  if (basis === 'as-published' && country !== undefined) {
    throw new Refused('Editions are not narrowed by country.');
  }
}
