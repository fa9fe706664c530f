import type { Context } from '#event-sourcing';
import { timelineEntity } from '#postgres';
import { annualReportEventDefinitions } from './editions/domain/events.js';
import { reportingProjection } from './editions/projection/reporting-projection.js';
import { CreateReporting1700000004000 } from './editions/read-model/create-reporting.migration.js';
import { EditionEntity } from './editions/read-model/entities.js';

export const reportingContext: Context = {
  events: annualReportEventDefinitions,
  projections: [reportingProjection],
  entities: [EditionEntity, timelineEntity('reporting')],
  migrations: [CreateReporting1700000004000],
};
