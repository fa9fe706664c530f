import { canonicalHash } from '#event-sourcing';
import { Problem, readAt } from '#http';
import type { Bound, Query } from '#postgres';
import type { DataSource } from 'typeorm';
import { calendarYear, yearBefore } from '../../period.js';
import { reportedProjections, type ReportOf } from '../../queries/report-parts.js';
import type { Report } from '../../report.js';
import type { Edition } from './find-editions.js';
import { formatOf } from './report-formats.js';

/** All that the report of an edition is made from, beside the events up to its position. */
export type FrozenReport = Pick<Edition, 'year' | 'asOf' | 'annualTarget' | 'format'>;

/** SHA-256, in hex, of a report's canonical JSON (RFC 8785). */
export const reportHash = (report: Report): string => canonicalHash(report);

/** Which report a year's is: that of the whole year, beside the year before. */
export function reportOf(year: number): ReportOf {
  const period = calendarYear(year);
  return { period, before: yearBefore(period) };
}

/**
 * A report made from events and frozen values alone: always the same.
 * @throws Problem 503 while the read model, made anew, has not reached its position again
 */
export function renderReport(dataSource: DataSource, frozen: FrozenReport): Promise<Report> {
  return readAt(dataSource, reportedProjections, frozen.asOf, (query, bound) => render(query, bound, frozen));
}

/**
 * An edition's report, as it was published.
 * @throws Problem 500 EditionDoesNotMatch when it comes out otherwise; 503 as renderReport
 */
export async function renderEdition(dataSource: DataSource, edition: Edition): Promise<Report> {
  const report = await renderReport(dataSource, edition);
  const found = reportHash(report);
  if (found === edition.sha256) return report;
  throw new Problem(
    500,
    'EditionDoesNotMatch',
    `Edition ${edition.edition} of ${edition.year} was published with the SHA-256 ${edition.sha256}, but what is stored ` +
      `now gives ${found}. It is not shown: verify the event store and rebuild the read model.`,
    [
      { pointer: '/sha256', code: 'Published', message: edition.sha256 },
      { pointer: '/sha256', code: 'Found', message: found },
    ],
  );
}

async function render(
  query: Query,
  bound: Bound,
  { year, annualTarget, format }: FrozenReport,
): Promise<Report> {
  const { read, compose } = formatOf(format);
  const of = reportOf(year);
  return compose(await read(query, bound, of), bound, of, annualTarget);
}
