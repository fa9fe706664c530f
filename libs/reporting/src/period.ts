import { lastDay } from '#shared-kernel';

/** Days `from` to `to`, both counted (YYYY-MM-DD). */
export interface Period {
  readonly from: string;
  readonly to: string;
  readonly label: string;
}

export function calendarYear(year: number): Period {
  return { from: `${year}-01-01`, to: `${year}-12-31`, label: String(year) };
}

/** The period from the first to the last of these days; one that is a calendar year is called by its number. */
export function periodOf(from: string, to: string): Period {
  const year = calendarYear(Number(from.slice(0, 4)));
  return from === year.from && to === year.to ? year : { from, to, label: `${from} to ${to}` };
}

export function isCalendarYear({ from, to }: Period): boolean {
  return from.slice(4) === '-01-01' && to === `${from.slice(0, 4)}-12-31`;
}

/** The same days a year earlier. Ends of months stay ends of months: before 2025-02-28 comes 2024-02-29. */
export function yearBefore({ from, to }: Period): Period {
  const endsMonth = to === lastDay(to.slice(0, 7));
  const lastOfMonth = lastDay(monthBefore(to));
  return periodOf(sameDay(from), endsMonth ? lastOfMonth : sameDay(to));
}

const monthBefore = (day: string): string => `${Number(day.slice(0, 4)) - 1}${day.slice(4, 7)}`;

function sameDay(day: string): string {
  const month = monthBefore(day);
  const wanted = `${month}${day.slice(7)}`;
  return wanted <= lastDay(month) ? wanted : lastDay(month);
}
