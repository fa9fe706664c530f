import { activitiesProjection } from '#activities';
import { dialogueProjection } from '#dialogue';
import { AggregateNotFound } from '#event-sourcing';
import { partnershipProjection } from '#partnership';
import { readAsOf, type AsOfRequest, type Bound, type Query } from '#postgres';
import type { DataSource } from 'typeorm';
import { listContributions } from '../contributions/list-contributions.js';
import { findCycle } from '../cycles/find-cycle.js';
import { countDialogue } from '../dialogue/count-dialogue.js';
import { listDocuments } from '../documents/list-documents.js';
import { countGoals } from '../goals/count-goals.js';
import { calendarYear, isCalendarYear, yearBefore, type Period } from '../period.js';
import { COUNTING_RULE, type AnnualTotals, type CycleReport, type Report } from '../report.js';
import { countPeriod } from './count-period.js';
import { countYears } from './count-years.js';
import { difference } from './totals.js';

/** What reports are read from. A state asked for must be one that all of them have reached: see awaitAsOf of #postgres. */
export const reportedProjections: readonly string[] = [
  activitiesProjection.name,
  dialogueProjection.name,
  partnershipProjection.name,
];

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
  return readAsOf(dataSource, reportedProjections, request, request.now, (query, bound) =>
    assemble(query, bound, request, period, yearBefore(period)),
  );
}

/**
 * As readAnnualReport, for the period of an action-plan cycle, beside the cycle before it.
 * @throws AggregateNotFound when there was no such cycle in the state asked for
 */
export function readCycleReport(
  dataSource: DataSource,
  cycleId: string,
  request: ReportRequest,
): Promise<CycleReport> {
  return readAsOf(dataSource, reportedProjections, request, request.now, async (query, bound) => {
    const found = await findCycle(query, bound, cycleId);
    if (!found) throw new AggregateNotFound('CycleNotFound', `There is no action-plan cycle ${cycleId}.`);
    const { cycle, period, before } = found;
    return { cycle, ...(await assemble(query, bound, request, period, before)) };
  });
}

async function assemble(
  query: Query,
  bound: Bound,
  { country, annualTarget }: ReportRequest,
  period: Period,
  before: Period | undefined,
): Promise<Report> {
  const scope = { bound, country };
  const { current, previous, tables, costs } = await countPeriod(query, scope, period, before ?? NOWHERE);
  const { documents, undated } = await listDocuments(query, bound, period);
  const { held } = current.activities;
  return {
    period,
    asOf: { position: bound.position, time: bound.time },
    rule: COUNTING_RULE,
    ...current,
    ...tables,
    costs,
    dialogue: await countDialogue(query, bound, period),
    goals: await countGoals(query, bound, period),
    contributions: await listContributions(query, bound, period),
    documents,
    documentsUndated: undated,
    target: isCalendarYear(period) ? { held, target: annualTarget, met: held >= annualTarget } : null,
    previous: before ? { label: before.label, basis: 'as-now-known', ...previous } : null,
    change: before ? difference(current, previous) : null,
  };
}

/** A period that holds nothing. */
const NOWHERE: Period = { from: '1800-01-01', to: '1800-01-01', label: '' };

/** A row of totals for every year. */
export function readAnnualTotals(dataSource: DataSource, request: ReportRequest): Promise<AnnualTotals> {
  const { country, now, annualTarget } = request;
  return readAsOf(dataSource, reportedProjections, request, now, async (query, bound) => {
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
