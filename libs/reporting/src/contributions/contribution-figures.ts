import { firstDay, lastDay, precisionOf, type PartialDate } from '#shared-kernel';

/** A dated part of a contribution, as recorded. A date known by its month or year stands for all of it. */
export interface Segment {
  readonly from: PartialDate;
  readonly to?: PartialDate;
  /** Absent: not recorded. Persons, or whole units of a currency. */
  readonly value?: number;
}

export interface ContributionFigures {
  /** Most at any one time; null where a value that counts is not recorded. */
  readonly peak: number | null;
  /** On the period's last day, or the report's day if that comes first. */
  readonly yearEnd: number | null;
  /** Value times months, a month begun or ended counting by its days; rounded to two decimals. */
  readonly personMonths: number | null;
}

/** Days, both counted. */
export interface Days {
  readonly from: string;
  readonly to: string;
}

/** Of what is measured in persons. `within`: the period, up to the day it is looked at. */
export function personFigures(segments: readonly Segment[], within: Days): ContributionFigures {
  const parts = segments.flatMap((segment) => partIn(segment, within));
  if (parts.some(({ value }) => value === undefined)) {
    const atEnd = parts.find(({ to }) => to === within.to);
    return { peak: null, yearEnd: atEnd ? (atEnd.value ?? null) : 0, personMonths: null };
  }
  const personMonths = parts.reduce((sum, { value, from, to }) => sum + value! * months(from, to), 0);
  return {
    peak: Math.max(0, ...parts.map(({ value }) => value!)),
    yearEnd: parts.find(({ to }) => to === within.to)?.value ?? 0,
    personMonths: Math.round(personMonths * 100) / 100,
  };
}

/** Sum of what was paid or pledged; null where an amount is not recorded. */
export function fundingAmount(segments: readonly Segment[]): number | null {
  if (segments.some(({ value }) => value === undefined)) return null;
  return segments.reduce((sum, { value }) => sum + value!, 0);
}

/** Does the date that money is known under lie in these days for certain? So it counts once, however long it was to be paid. */
export function isDatedIn({ from }: Segment, within: Days): boolean {
  return firstDay(from) >= within.from && lastDay(from) <= within.to;
}

/** Is any of the segment in these days? Without an end it goes on. */
export function isIn({ from, to }: Segment, within: Days): boolean {
  return firstDay(from) <= within.to && (to === undefined || lastDay(to) >= within.from);
}

/** A bound that is not a day is counted from the first or to the last day it may mean. */
export function isApproximate({ from, to }: Segment): boolean {
  return precisionOf(from) !== 'day' || (to !== undefined && precisionOf(to) !== 'day');
}

function partIn(segment: Segment, within: Days): (Days & { readonly value?: number })[] {
  if (!isIn(segment, within)) return [];
  const [first, last] = [firstDay(segment.from), segment.to === undefined ? within.to : lastDay(segment.to)];
  const from = first > within.from ? first : within.from;
  const to = last < within.to ? last : within.to;
  return [{ from, to, value: segment.value }];
}

/** Months from one day to another, both counted, each month by the share of its days. */
function months(from: string, to: string): number {
  let sum = 0;
  for (let month = from.slice(0, 7); month <= to.slice(0, 7); month = monthAfter(month)) {
    const days = Number(lastDay(month).slice(8));
    const begin = month === from.slice(0, 7) ? Number(from.slice(8)) : 1;
    const end = month === to.slice(0, 7) ? Number(to.slice(8)) : days;
    sum += (end - begin + 1) / days;
  }
  return sum;
}

function monthAfter(month: string): string {
  const [year, number] = [Number(month.slice(0, 4)), Number(month.slice(5))];
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
}
