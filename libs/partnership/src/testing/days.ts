import fc from 'fast-check';

const FIRST = Date.UTC(2000, 0, 1);
const DAY = 86_400_000;
/** Days of the model: 2000-01-01 to 2003-12-31 and, for what goes on, one for ever after. */
const DAYS = 1461;

/** The days from 2000 to 2003 that partial dates stand for, as numbers: a model of spans that knows no spans. */
export function daysOf(from: string, to?: string): Set<number> {
  const days = new Set<number>();
  for (let day = 0; day <= DAYS; day++) {
    const date = new Date(FIRST + day * DAY).toISOString().slice(0, 10);
    // A prefix compares with a date as the whole of its month or year would.
    if (date.slice(0, from.length) >= from && (to === undefined || date.slice(0, to.length) <= to))
      days.add(day);
  }
  return days;
}

/** Partial dates of every precision, 2000 to 2003. */
export const partialDates: fc.Arbitrary<string> = fc
  .record({ day: fc.nat(DAYS - 1), precision: fc.constantFrom(4, 7, 10) })
  .map(({ day, precision }) => new Date(FIRST + day * DAY).toISOString().slice(0, precision));

export function disjoint(one: ReadonlySet<number>, other: ReadonlySet<number>): boolean {
  return [...one].every((day) => !other.has(day));
}
