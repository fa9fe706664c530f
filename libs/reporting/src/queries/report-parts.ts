import type { Bound, Query } from '#postgres';
import { listContributions, type ContributionRow } from '../contributions/list-contributions.js';
import { countDialogue, type DialogueCounts } from '../dialogue/count-dialogue.js';
import { listDocuments, type Documents } from '../documents/list-documents.js';
import { newestEditions, type Edition } from '../editions/queries/find-editions.js';
import { countGoals, type GoalCounts } from '../goals/count-goals.js';
import { isCalendarYear, type Period } from '../period.js';
import { COUNTING_RULE, type Previous, type Report } from '../report.js';
import { countPeriod, type PeriodCount } from '../counts/count-period.js';
import { difference } from '../counts/report-figures.js';

/** Which report: of a period, beside the one before it if there is one, perhaps narrowed to a country (ISO 3166-1 alpha-2). */
export interface ReportOf {
  readonly period: Period;
  readonly before?: Period;
  readonly country?: string;
}

/** What a report is made of, by the projection it is read from: an event of one changes nothing in the others' parts. */
export interface ReportParts {
  readonly activities: PeriodCount;
  readonly dialogue: DialogueCounts;
  readonly partnership: {
    readonly goals: GoalCounts;
    readonly contributions: readonly ContributionRow[];
    readonly documents: Documents;
  };
  /** The newest edition of the year before. */
  readonly reporting: Edition | undefined;
}
export type PartName = keyof ReportParts;

const readers: {
  readonly [Name in PartName]: (query: Query, bound: Bound, of: ReportOf) => Promise<ReportParts[Name]>;
} = {
  activities: (query, bound, { period, before, country }) =>
    countPeriod(query, { bound, country }, period, before),
  dialogue: (query, bound, { period }) => countDialogue(query, bound, period),
  partnership: async (query, bound, { period }) => ({
    goals: await countGoals(query, bound, period),
    contributions: await listContributions(query, bound, period),
    documents: await listDocuments(query, bound, period),
  }),
  // An edition is of a whole year, and of what all countries took part in.
  reporting: async (query, bound, { before, country }) =>
    before && isCalendarYear(before) && country === undefined
      ? (await newestEditions(query, bound, Number(before.label)))[0]
      : undefined,
};

const partNames = Object.keys(readers) as PartName[];
/** What reports are read from. A state asked for must be one that all of them have reached: see awaitAsOf of #postgres. */
export const reportedProjections: readonly string[] = partNames;

/** Reads the parts of a report in a state. With `known`, those in another state, only the ones named are read anew. */
export async function readParts(
  query: Query,
  bound: Bound,
  of: ReportOf,
  known?: ReportParts,
  names: Iterable<PartName> = partNames,
): Promise<ReportParts> {
  const parts: Partial<Record<PartName, unknown>> = { ...known };
  for (const name of names) parts[name] = await readers[name](query, bound, of);
  return parts as unknown as ReportParts;
}

/** The report that its parts make. `annualTarget`: activities to be held in a year. */
export function composeReport(
  { activities, dialogue, partnership, reporting }: ReportParts,
  { position, time }: Pick<Bound, 'position' | 'time'>,
  { period, before }: ReportOf,
  annualTarget: number,
): Report {
  const { current, tables, costs } = activities;
  const { goals, contributions, documents } = partnership;
  const { held } = current.activities;
  const previous = before ? previousOf(before, activities, reporting) : null;
  return {
    period,
    asOf: { position, time },
    rule: COUNTING_RULE,
    ...current,
    ...tables,
    costs,
    dialogue,
    goals,
    contributions,
    documents: documents.documents,
    documentsUndated: documents.undated,
    target: isCalendarYear(period) ? { held, target: annualTarget, met: held >= annualTarget } : null,
    previous,
    change: previous && difference(current, previous),
  };
}

function previousOf({ label }: Period, { previous }: PeriodCount, published: Edition | undefined): Previous {
  return published
    ? { label, basis: 'as-published', edition: published.edition, ...published.totals }
    : { label, basis: 'as-now-known', ...previous };
}
