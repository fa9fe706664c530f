import type { ActivityCounts, ParticipationCounts } from '../report.js';

export interface Totals {
  readonly activities: ActivityCounts;
  readonly participation: ParticipationCounts;
}

/** A period's totals as SQL gives them; sums of nothing are null. */
export type TotalsRow = { readonly period: string } & Readonly<Record<string, string | number | null>>;

const ACTIVITIES = [
  'total',
  'planned',
  'held',
  'cancelled',
  'postponed',
  'notAttended',
  'unresolved',
] as const;
const PARTICIPATION = [
  'attendances',
  'military',
  'civilian',
  'categoryNotRecorded',
  'female',
  'male',
  'genderNotRecorded',
  'personDays',
  'countries',
  'institutions',
  'heldNotRecorded',
] as const;

export function totalsOf(row: Omit<TotalsRow, 'period'>): Totals {
  return {
    activities: counts(ACTIVITIES, (name) => Number(row[name] ?? 0)),
    participation: counts(PARTICIPATION, (name) => Number(row[name] ?? 0)),
  };
}

/** Totals of a period without any activity. */
export const NO_TOTALS: Totals = totalsOf({});

/** What `now` has more than `before`. */
export function difference(now: Totals, before: Totals): Totals {
  return {
    activities: counts(ACTIVITIES, (name) => now.activities[name] - before.activities[name]),
    participation: counts(PARTICIPATION, (name) => now.participation[name] - before.participation[name]),
  };
}

function counts<Name extends string>(
  names: readonly Name[],
  of: (name: Name) => number,
): Record<Name, number> {
  return Object.fromEntries(names.map((name) => [name, of(name)])) as Record<Name, number>;
}
