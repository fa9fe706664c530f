import { isSame } from './changes.js';
import { firstDay, isAfter, lastDay, type PartialDate } from './partial-date.js';
import type { RefusalError } from './refusal.js';

/** A first and perhaps a last day, by the names an aggregate gives them, such as `startsOn` and `endsOn`. */
export type Span<First extends string, Last extends string> = { readonly [Name in First]: PartialDate } & {
  readonly [Name in Last]?: PartialDate;
};

type Faults = readonly RefusalError[];
type Known = Readonly<Record<string, PartialDate | null | undefined>>;

const MOST_YEARS = 3;

/** What happened cannot lie ahead: the first day the date can mean has come. `now`: RFC 3339 UTC. */
export function pastRule(
  date: PartialDate | undefined,
  now: string,
  error: Readonly<{ code: string; pointer: string }>,
): Faults {
  const today = now.slice(0, 10);
  if (!date || firstDay(date) <= today) return [];
  return [{ ...error, message: `${date} lies after today, ${today}` }];
}

/**
 * The rules of what lasts from a first to a last day, and of when it was really held. Each answers what is broken, with
 * the values in it and a JSON pointer below `at`; none when all is well.
 */
export function dateRules<First extends string, Last extends string>(first: First, last: Last) {
  type Given = Span<First, Last>;
  type Wanted = { readonly [Name in First]?: PartialDate } & { readonly [Name in Last]?: PartialDate | null };

  /** Start not after end, and not over three years long. Partial dates count as whatever keeps the rule. */
  function datesRule(dates: Given, at = ''): Faults {
    const [start, end] = [dates[first], (dates as Known)[last]];
    if (!end) return [];
    const pointer = `${at}/${last}`;
    if (isAfter(start, end)) {
      return [{ code: 'EndBeforeStart', message: `the end ${end} lies before the start ${start}`, pointer }];
    }
    const latestStart = lastDay(start);
    const limit = `${Number(latestStart.slice(0, 4)) + MOST_YEARS}${latestStart.slice(4)}`;
    if (firstDay(end) < limit) return [];
    return [{ code: 'TooLong', message: `from ${start} to ${end} is over ${MOST_YEARS} years`, pointer }];
  }

  /** The dates' own rule, and what was held cannot lie ahead. `now`: RFC 3339 UTC. */
  function heldRule(held: Given, now: string, at = ''): Faults {
    const ahead = [first, last].flatMap((name) =>
      pastRule((held as Known)[name] ?? undefined, now, {
        code: 'HeldInFuture',
        pointer: `${at}/${name}`,
      }),
    );
    return [...datesRule(held, at), ...ahead];
  }

  /** When it was held: each date that is not given is the planned one. */
  function heldDates(given: Partial<Given>, planned: Given): Given {
    const [one, other] = [given as Known, planned as Known];
    return { [first]: one[first] ?? other[first], [last]: one[last] ?? other[last] } as Given;
  }

  /** What an amendment changes in the dates it was held on, if they are not so already; null takes the end back. */
  function correctHeld(
    wanted: Wanted | undefined,
    { held, status }: Readonly<{ held?: Given; status: string }>,
    now: string,
  ): { readonly changes: { readonly held?: Given }; readonly faults: Faults } {
    if (!wanted) return { changes: {}, faults: [] };
    if (!held) {
      const message = `it is ${status}: only what was held has dates it was held on`;
      return { changes: {}, faults: [{ code: 'NotHeldYet', message, pointer: '/held' }] };
    }
    const [one, other] = [wanted as Known, held as Known];
    const end = one[last] === undefined ? other[last] : one[last];
    const corrected = { [first]: one[first] ?? other[first], ...(end ? { [last]: end } : {}) } as Given;
    if (isSame(corrected, held)) return { changes: {}, faults: [] };
    return { changes: { held: corrected }, faults: heldRule(corrected, now, '/held') };
  }

  return { datesRule, heldRule, heldDates, correctHeld };
}
