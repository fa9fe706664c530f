import type { PartialDate } from '#shared-kernel';
import type { ContributionRow } from './contributions/list-contributions.js';
import type { DialogueCounts } from './dialogue/count-dialogue.js';
import type { DocumentRow } from './documents/list-documents.js';
import type { GoalCounts } from './goals/count-goals.js';
import type { Period } from './period.js';

/** How every report counts; printed on it. Source: the design's "Reports: what counts". */
export const COUNTING_RULE =
  'An activity belongs to the period that holds its actual start, else its planned start; a postponed one stays where it ' +
  'was planned. A start known by its year or month only belongs to a period that holds all of that year or month. ' +
  'Rejected activities and duplicates count nowhere; participation counts for held activities only. Attendances are sums ' +
  'of totals, not distinct persons; person-days count where both dates are full. Unresolved: planned, and over before the ' +
  "report's as-of time. What is not recorded is counted apart: held activities without any participation, totals without " +
  'category or gender, fields without a value. Dialogue sessions are placed by their date as activities are; follow-ups are ' +
  'those of sessions held in the period. Goals and documents are shown as they stood at its end, cycles that ran in it with ' +
  'the status now known. Contributions are never added up: peak, the value at the end (of a period under way: on the day of ' +
  'the report), and person-months by days in force; a date known by month or year stands for all of it. Funds count once, in ' +
  'the period that holds the date of their payment or pledge for certain. Dialogue, goals, contributions and documents are the office’s own and are not narrowed by country.';

/** Key of a table's row for what has none. */
export const NOT_RECORDED = 'not-recorded';
/** Key of the month table's row for starts known by their year only. */
export const NOT_KNOWN = 'not-known';

export interface ActivityCounts {
  /** All that count, whatever their state. */
  readonly total: number;
  /** Proposed or approved. */
  readonly planned: number;
  readonly held: number;
  readonly cancelled: number;
  readonly postponed: number;
  readonly notAttended: number;
  readonly unresolved: number;
}

export interface ParticipationCounts {
  readonly attendances: number;
  readonly military: number;
  readonly civilian: number;
  readonly categoryNotRecorded: number;
  readonly female: number;
  readonly male: number;
  readonly genderNotRecorded: number;
  readonly personDays: number;
  readonly countries: number;
  readonly institutions: number;
  /** Activities held of whose participation nothing is recorded: no zero stands for them. */
  readonly heldNotRecorded: number;
}

export interface TableRow {
  readonly key: string;
  readonly planned: number;
  readonly held: number;
  readonly cancelled: number;
  readonly attendances: number;
}

export const tables = [
  'byKind',
  'byMonth',
  'byOrganiser',
  'byProgramme',
  'byArea',
  'byRole',
  'byVenueCountry',
  'byCountry',
  'byInstitution',
] as const;
export type TableName = (typeof tables)[number];

export interface CostRow {
  readonly payer: string;
  readonly currency: string;
  /** Sum of the known ones, in minor units of the currency. */
  readonly amountMinor: number;
  /** How many are still to be determined. */
  readonly toBeDetermined: number;
}

export interface Target {
  readonly held: number;
  readonly target: number;
  readonly met: boolean;
}

interface AsOfAnswer {
  readonly position: string;
  readonly time: string;
}

/** Where a year's figures come from: its newest edition, or what is known in the state asked for. */
export const bases = ['as-now-known', 'as-published'] as const;
export type Basis = (typeof bases)[number];

/** The period before. A year that was published in the state asked for is shown as it was published. */
export type Previous = {
  readonly label: string;
  readonly activities: ActivityCounts;
  readonly participation: ParticipationCounts;
} & ({ readonly basis: 'as-now-known' } | { readonly basis: 'as-published'; readonly edition: number });

export interface Report extends Readonly<Record<TableName, readonly TableRow[]>> {
  readonly period: Period;
  readonly asOf: AsOfAnswer;
  readonly rule: string;
  readonly activities: ActivityCounts;
  readonly participation: ParticipationCounts;
  readonly costs: readonly CostRow[];
  readonly dialogue: DialogueCounts;
  readonly goals: GoalCounts;
  readonly contributions: readonly ContributionRow[];
  readonly documents: readonly DocumentRow[];
  /** Documents without any date: no period can be said to hold them. */
  readonly documentsUndated: number;
  /** Null unless the period is a calendar year: the target is one for a year. */
  readonly target: Target | null;
  /** Null for an action-plan cycle before which its document has none. */
  readonly previous: Previous | null;
  /** This period's figures less the previous one's, as they are shown. */
  readonly change: {
    readonly activities: ActivityCounts;
    readonly participation: ParticipationCounts;
  } | null;
}

/** The report of an action-plan cycle: everything in its period, and what names it. */
export interface CycleReport extends Report {
  readonly cycle: {
    readonly id: string;
    readonly documentId: string;
    readonly document: string;
    readonly title?: string;
    readonly from: PartialDate;
    readonly to: PartialDate;
    readonly agreedOn?: PartialDate;
    readonly status: string;
    /** Activities that count, dialogue sessions and goals which name this cycle, whenever they were. */
    readonly linked: { readonly activities: number; readonly sessions: number; readonly goals: number };
  };
}

export interface YearTotals extends ActivityCounts, ParticipationCounts {
  readonly year: number;
  readonly target: number;
  readonly met: boolean;
  readonly basis: Basis;
  /** The newest one; null: not published, or narrowed to a country, as no edition is. */
  readonly edition: number | null;
  /** What is known now is not what that edition says. */
  readonly publishedDiffers: boolean;
}

export interface AnnualTotals {
  readonly asOf: AsOfAnswer;
  readonly rule: string;
  /** Years with at least one activity that counts or an edition, oldest first. */
  readonly years: readonly YearTotals[];
}
