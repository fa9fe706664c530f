import { headedReportCsv } from '../report-csv.js';
import type { PublishedReport } from './queries/edition-queries.js';

/** As reportCsv, after what is said of the edition. */
export function editionCsv({ report, ...edition }: PublishedReport): string {
  return headedReportCsv('edition', edition, report);
}
