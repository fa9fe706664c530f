import type { Context } from '#event-sourcing';
import { timelineEntity } from '#postgres';
import { CreateCounts1700000004100 } from './counts/create-counts.migration.js';
import { CountMarkEntity, YearCountEntity } from './counts/entities.js';
import { yearCountSummary } from './counts/year-count-summary.js';
import { annualReportEventDefinitions } from './editions/domain/events.js';
import { reportingProjection } from './editions/projection/reporting-projection.js';
import { CreateReporting1700000004000 } from './editions/read-model/create-reporting.migration.js';
import { EditionEntity } from './editions/read-model/entities.js';

export const reportingContext: Context = {
  events: annualReportEventDefinitions,
  projections: [reportingProjection],
  summaries: [yearCountSummary()],
  entities: [EditionEntity, timelineEntity('reporting'), CountMarkEntity, YearCountEntity],
  migrations: [CreateReporting1700000004000, CreateCounts1700000004100],
};
