import {
  NOT_RECORDED,
  tables,
  type ActivityCounts,
  type CostRow,
  type ParticipationCounts,
  type TableName,
  type TableRow,
} from '../report.js';
import { byKey, compare } from '../rows.js';
import { Counts, measures, type Part } from './counts.js';

export interface Totals {
  readonly activities: ActivityCounts;
  readonly participation: ParticipationCounts;
}

const ACTIVITIES = [
  'total',
  'planned',
  'held',
  'cancelled',
  'postponed',
  'notAttended',
  'unresolved',
] as const;
const PARTICIPATION = [...measures.participation, 'countries', 'institutions', 'heldNotRecorded'] as const;

/** `time`: RFC 3339 UTC; what is planned and over before its day is unresolved. */
export function totalsOf(counts: Counts, time: string): Totals {
  const today = time.slice(0, 10);
  const [activities = []] = counts.of('activities').map(([, , figures]) => figures);
  const [participation = []] = counts.of('participation').map(([, , figures]) => figures);
  return totalsFrom({
    ...Object.fromEntries(measures.activities.map((name, index) => [name, activities[index]])),
    ...Object.fromEntries(measures.participation.map((name, index) => [name, participation[index]])),
    unresolved: counts.of('plannedByEnd').reduce((sum, [, [end], [n]]) => (end! < today ? sum + n! : sum), 0),
    countries: known(counts, 'byCountry'),
    institutions: known(counts, 'byInstitution'),
  });
}

/** Totals by the names of their figures, in the order of reports; those not there are 0. */
export function totalsFrom(figures: Readonly<Record<string, number | undefined>>): Totals {
  return {
    activities: named(ACTIVITIES, (name) => figures[name] ?? 0),
    participation: named(PARTICIPATION, (name) => figures[name] ?? 0),
  };
}

/** Totals of a period without any activity. */
export const NO_TOTALS: Totals = totalsFrom({});

/** What `now` has more than `before`. */
export function difference(now: Totals, before: Totals): Totals {
  return {
    activities: named(ACTIVITIES, (name) => now.activities[name] - before.activities[name]),
    participation: named(PARTICIPATION, (name) => now.participation[name] - before.participation[name]),
  };
}

export function tablesOf(counts: Counts): Record<TableName, TableRow[]> {
  const rows = tables.map((name) => {
    const sums = merged(counts, name).map(([[key], [, planned, held, cancelled, attendances]]) => ({
      ...{ key: key!, planned: planned!, held: held!, cancelled: cancelled!, attendances: attendances! },
    }));
    return [name, sums.sort(byKey)] as const;
  });
  return Object.fromEntries(rows) as Record<TableName, TableRow[]>;
}

export function costsOf(counts: Counts): CostRow[] {
  return merged(counts, 'costs')
    .map(([[payer, currency], [, amountMinor, toBeDetermined]]) => ({
      ...{ payer: payer!, currency: currency!, amountMinor: amountMinor!, toBeDetermined: toBeDetermined! },
    }))
    .sort((one, other) => compare(one.payer, other.payer) || compare(one.currency, other.currency));
}

/** How many keys there are, not counting what has none. */
function known(counts: Counts, part: Part): number {
  return counts.of(part).filter(([, [key]]) => key !== null).length;
}

/** In a report what has no key goes by a name, and something else may go by the same. */
function merged(
  counts: Counts,
  part: Part,
): (readonly [keys: readonly string[], figures: readonly number[]])[] {
  const shown = new Counts(
    counts.of(part).map(([, keys, figures]) => [part, keys.map((key) => key ?? NOT_RECORDED), figures]),
  );
  return shown.of(part).map(([, keys, figures]) => [keys as readonly string[], figures]);
}

function named<Name extends string>(
  names: readonly Name[],
  of: (name: Name) => number,
): Record<Name, number> {
  return Object.fromEntries(names.map((name) => [name, of(name)])) as Record<Name, number>;
}
