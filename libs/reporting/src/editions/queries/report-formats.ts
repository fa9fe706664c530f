import { composeReport, readParts } from '../../queries/report-parts.js';

/** How the reports of one format are made: `read` by its parts, in some state, and `compose`d. */
export interface ReportFormat {
  readonly read: typeof readParts;
  readonly compose: typeof composeReport;
}

/**
 * An edition is kept as what it is made from, and made anew whenever it is read. So it says in which format: before a report
 * is counted, worded or shaped otherwise, its makers are copied here under the number of old, and `newestFormat` is raised.
 * Editions of old then come out as they were published. report-formats.spec.ts fails until that is done.
 */
const formats: Readonly<Record<number, ReportFormat>> = {
  1: { read: readParts, compose: composeReport },
};

/** The format of what is published now. */
export const newestFormat = 1;

/** @throws Error for a format newer than this program */
export function formatOf(number: number): ReportFormat {
  const format = formats[number];
  if (!format) throw new Error(`this program does not know the report format ${number}`);
  return format;
}
