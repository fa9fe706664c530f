export { reportingContext } from './context.js';
export { RecordAnnualReport } from './editions/commands/record-annual-report.js';
export { annualReportCommandSchemas } from './editions/domain/commands.js';
export { ANNUAL_REPORT_STREAM_PREFIX, type AnnualReportEvent } from './editions/domain/events.js';
export { editionCsv } from './editions/edition-csv.js';
export { EditionQueries, type PublishedReport } from './editions/queries/edition-queries.js';
export { StateSeal } from './editions/state-seal.js';
export * from './period.js';
export {
  readAnnualReport,
  readAnnualTotals,
  readCycleReport,
  readPeriodReport,
  type ReportRequest,
} from './queries/read-report.js';
export { yearCountSummary } from './counts/year-count-summary.js';
export { reportedProjections } from './queries/report-parts.js';
export * from './report-csv.js';
export * from './report-policy.js';
export * from './report.js';
export { ReportingCommandsModule, ReportingModule } from './reporting.module.js';
export type { ContributionRow } from './contributions/list-contributions.js';
export type { DialogueCounts, SessionRow } from './dialogue/count-dialogue.js';
export type { DocumentRow } from './documents/list-documents.js';
export type { GoalCounts } from './goals/count-goals.js';
