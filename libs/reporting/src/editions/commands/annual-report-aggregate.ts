import type { Aggregate } from '#event-sourcing';
import type { AnnualReportCommand } from '../domain/commands.js';
import { annualReportDecider, type AnnualReport } from '../domain/decide.js';
import type { AnnualReportEvent } from '../domain/events.js';

/** Its id is the year, as text. */
export const annualReportAggregate: Aggregate<
  AnnualReport | undefined,
  AnnualReportCommand,
  AnnualReportEvent
> = { name: 'annual_report', decider: annualReportDecider };
