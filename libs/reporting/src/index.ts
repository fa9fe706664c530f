export * from './period.js';
export {
  readAnnualReport,
  readAnnualTotals,
  readPeriodReport,
  type ReportRequest,
} from './queries/read-report.js';
export * from './report-csv.js';
export * from './report-policy.js';
export * from './report.js';
export { ReportingModule } from './reporting.module.js';
