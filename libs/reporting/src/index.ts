export * from './period.js';
export {
  readAnnualReport,
  readAnnualTotals,
  readCycleReport,
  readPeriodReport,
  reportedProjections,
  type ReportRequest,
} from './queries/read-report.js';
export * from './report-csv.js';
export * from './report-policy.js';
export * from './report.js';
export { ReportingModule } from './reporting.module.js';
export type { ContributionRow } from './contributions/list-contributions.js';
export type { DialogueCounts, SessionRow } from './dialogue/count-dialogue.js';
export type { DocumentRow } from './documents/list-documents.js';
export type { GoalCounts } from './goals/count-goals.js';
