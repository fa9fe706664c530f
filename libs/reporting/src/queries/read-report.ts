import { AggregateNotFound } from '#event-sourcing';
import { readAsOf, type AsOfRequest } from '#http';
import type { Bound, Query } from '#postgres';
import type { DataSource } from 'typeorm';
import { findCycle } from '../cycles/find-cycle.js';
import { newestEditions } from '../editions/queries/find-editions.js';
import { calendarYear, yearBefore, type Period } from '../period.js';
import { COUNTING_RULE, type AnnualTotals, type Basis, type CycleReport, type Report } from '../report.js';
import { countYears } from '../counts/count-years.js';
import { composeReport, readParts, reportedProjections, type ReportOf } from './report-parts.js';
import { yearTotals } from './year-totals.js';

/** Which state a report is of, and for whom. */
export interface ReportRequest extends AsOfRequest {
  /** ISO 3166-1 alpha-2: only activities in which it took part, and only its participation. */
  readonly country?: string;
  /** Activities to be held in a year. */
  readonly annualTarget: number;
}

/**
 * A calendar year's report. Asked again with the `asOf` it answers it comes out the same, whatever was recorded since.
 */
export function readAnnualReport(
  dataSource: DataSource,
  year: number,
  request: ReportRequest,
): Promise<Report> {
  return readPeriodReport(dataSource, calendarYear(year), request);
}

/** As readAnnualReport, for any period. */
export function readPeriodReport(
  dataSource: DataSource,
  period: Period,
  request: ReportRequest,
): Promise<Report> {
  return readAsOf(dataSource, reportedProjections, request, (query, bound) =>
    readReport(query, bound, { period, before: yearBefore(period), country: request.country }, request),
  );
}

/**
 * As readAnnualReport, for the period of an action-plan cycle, beside the cycle before it.
 * @throws AggregateNotFound when there was no such cycle in the state asked for
 */
export function readCycleReport(
  dataSource: DataSource,
  cycleId: string,
  request: ReportRequest,
): Promise<CycleReport> {
  return readAsOf(dataSource, reportedProjections, request, async (query, bound) => {
    const found = await findCycle(query, bound, cycleId);
    if (!found) throw new AggregateNotFound('CycleNotFound', `There is no action-plan cycle ${cycleId}.`);
    const { cycle, period, before } = found;
    const report = await readReport(query, bound, { period, before, country: request.country }, request);
    return { cycle, ...report };
  });
}

async function readReport(
  query: Query,
  bound: Bound,
  of: ReportOf,
  { annualTarget }: ReportRequest,
): Promise<Report> {
  return composeReport(await readParts(query, bound, of), bound, of, annualTarget);
}

/** A row of totals for every year: as now known, or where a year is published as in its newest edition. */
export function readAnnualTotals(
  dataSource: DataSource,
  request: ReportRequest,
  basis: Basis = 'as-now-known',
): Promise<AnnualTotals> {
  const { country, annualTarget } = request;
  return readAsOf(dataSource, reportedProjections, request, async (query, bound) => {
    const known = await countYears(query, { bound, country });
    // An edition is of what all countries took part in.
    const editions = country === undefined ? await newestEditions(query, bound) : [];
    return {
      asOf: { position: bound.position, time: bound.time },
      rule: COUNTING_RULE,
      years: yearTotals(known, editions, basis, annualTarget),
    };
  });
}
