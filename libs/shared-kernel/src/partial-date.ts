import { z } from 'zod';

/** A business date as it was given: `2004`, `2004-08` or `2004-08-13` (ISO 8601, reduced precision allowed). */
export type PartialDate = string;

const SHAPE = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/;

/** True for a real calendar date of any precision between 1900 and 2199; `2026-02-30` and `2026-13` are not. */
export function isPartialDate(text: string): boolean {
  const match = SHAPE.exec(text);
  if (!match) return false;
  const [, year, month, day] = match;
  if (Number(year) < 1900 || Number(year) > 2199) return false;
  if (month === undefined) return true;
  if (Number(month) < 1 || Number(month) > 12) return false;
  if (day === undefined) return true;
  return Number(day) >= 1 && (Number(day) <= 28 || Number(day) <= daysInMonth(Number(year), Number(month)));
}

export const partialDate = z
  .string()
  .refine(isPartialDate, 'not a calendar date: give YYYY, YYYY-MM or YYYY-MM-DD')
  .meta({
    description: 'Date as known: YYYY, YYYY-MM or YYYY-MM-DD',
    examples: ['2004', '2004-08', '2004-08-13'],
  });

export type Precision = 'year' | 'month' | 'day';

export function precisionOf(date: PartialDate): Precision {
  return date.length === 4 ? 'year' : date.length === 7 ? 'month' : 'day';
}

/** The first day the date can mean: `2004-08` → `2004-08-01`. */
export function firstDay(date: PartialDate): string {
  return date.length === 4 ? `${date}-01-01` : date.length === 7 ? `${date}-01` : date;
}

/** The last day the date can mean: `2004-02` → `2004-02-29`. */
export function lastDay(date: PartialDate): string {
  if (date.length === 4) return `${date}-12-31`;
  if (date.length === 10) return date;
  const [year, month] = [Number(date.slice(0, 4)), Number(date.slice(5, 7))];
  return `${date}-${String(daysInMonth(year, month)).padStart(2, '0')}`;
}

/** True when `start` lies after `end` whatever days the two stand for; what is merely possible is not an error. */
export function isAfter(start: PartialDate, end: PartialDate): boolean {
  return firstDay(start) > lastDay(end);
}

/** Days from the first to the last, both counted; undefined unless both dates are full. */
export function inclusiveDays(start: PartialDate, end: PartialDate): number | undefined {
  if (precisionOf(start) !== 'day' || precisionOf(end) !== 'day') return undefined;
  return Math.round((Date.parse(end) - Date.parse(start)) / 86_400_000) + 1;
}

function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}
