import { activitiesProjection } from '#activities';
import { readAsOf, type AsOfRequest } from '#postgres';
import type { DataSource } from 'typeorm';
import { calendarYear, isCalendarYear, yearBefore, type Period } from '../period.js';
import { COUNTING_RULE, nothingYet, type AnnualTotals, type Report } from '../report.js';
import { countPeriod } from './count-period.js';
import { countYears } from './count-years.js';
import { difference } from './totals.js';

/** Which state a report is of, and for whom. */
export interface ReportRequest extends AsOfRequest {
  /** ISO 3166-1 alpha-2: only activities in which it took part, and only its participation. */
  readonly country?: string;
  readonly now: Date;
  /** Activities to be held in a year. */
  readonly annualTarget: number;
}

/**
 * A calendar year's report. Asked again with the `asOf` it answers it comes out the same, whatever was recorded since.
 * The state asked for must be one that is there: see awaitAsOf of #postgres.
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
  const { country, now, annualTarget } = request;
  return readAsOf(dataSource, [activitiesProjection.name], request, now, async (query, bound) => {
    const before = yearBefore(period);
    const { current, previous, tables, costs } = await countPeriod(query, { bound, country }, period, before);
    const { held } = current.activities;
    return {
      period,
      asOf: { position: bound.position, time: bound.time },
      rule: COUNTING_RULE,
      ...current,
      ...tables,
      costs,
      ...nothingYet,
      target: isCalendarYear(period) ? { held, target: annualTarget, met: held >= annualTarget } : null,
      previous: { label: before.label, basis: 'as-now-known', ...previous },
      change: difference(current, previous),
    };
  });
}

/** A row of totals for every year. */
export function readAnnualTotals(dataSource: DataSource, request: ReportRequest): Promise<AnnualTotals> {
  const { country, now, annualTarget } = request;
  return readAsOf(dataSource, [activitiesProjection.name], request, now, async (query, bound) => {
    const totals = await countYears(query, { bound, country });
    const years = [...totals].sort(([one], [other]) => Number(one) - Number(other));
    return {
      asOf: { position: bound.position, time: bound.time },
      rule: COUNTING_RULE,
      years: years.map(([year, { activities, participation }]) => ({
        year: Number(year),
        ...activities,
        ...participation,
        target: annualTarget,
        met: activities.held >= annualTarget,
      })),
    };
  });
}
