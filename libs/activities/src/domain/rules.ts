import { firstDay, isAfter, lastDay, type PartialDate, type RefusalError } from '#shared-kernel';
import type { CostFields, ParticipationFields } from './fields.js';

/**
 * The rules that a command's values must keep. Each answers what is broken, with the values in it and a JSON pointer
 * below `at`; none when all is well.
 */
type Faults = readonly RefusalError[];

export interface Dates {
  readonly startsOn: PartialDate;
  readonly endsOn?: PartialDate;
}

const MOST_YEARS = 3;

/** Start not after end, and not over three years long. Partial dates count as whatever keeps the rule. */
export function datesRule({ startsOn, endsOn }: Dates, at = ''): Faults {
  if (!endsOn) return [];
  if (isAfter(startsOn, endsOn)) {
    const message = `the end ${endsOn} lies before the start ${startsOn}`;
    return [{ code: 'EndBeforeStart', message, pointer: `${at}/endsOn` }];
  }
  const latestStart = lastDay(startsOn);
  const limit = `${Number(latestStart.slice(0, 4)) + MOST_YEARS}${latestStart.slice(4)}`;
  if (firstDay(endsOn) < limit) return [];
  const message = `from ${startsOn} to ${endsOn} is over ${MOST_YEARS} years`;
  return [{ code: 'TooLong', message, pointer: `${at}/endsOn` }];
}

/** The dates' own rule, and what was held cannot lie ahead: the first day it can mean has come. `now`: RFC 3339 UTC. */
export function heldRule(held: Dates, now: string, at = ''): Faults {
  const today = now.slice(0, 10);
  const ahead = (['startsOn', 'endsOn'] as const).flatMap((field) => {
    const date = held[field];
    if (!date || firstDay(date) <= today) return [];
    const message = `${date} lies after today, ${today}`;
    return [{ code: 'HeldInFuture', message, pointer: `${at}/${field}` }];
  });
  return [...datesRule(held, at), ...ahead];
}

/** Military and civilian, female and male: neither pair may add up to more than the total. */
export function participationRule(participation: ParticipationFields, at = ''): Faults {
  const pairs = [
    ['military', 'civilian'],
    ['female', 'male'],
  ] as const;
  return pairs.flatMap((pair) => {
    const given = pair.filter((part) => participation[part] !== undefined);
    const sum = given.reduce((added, part) => added + participation[part]!, 0);
    if (sum <= participation.total) return [];
    const parts = given.map((part) => `${part} ${participation[part]}`).join(' + ');
    const message = `${parts} exceeds the total of ${participation.total}`;
    return [{ code: 'PartsExceedTotal', message, pointer: `${at}/${given[0]}` }];
  });
}

/** A known cost has an amount; an amount has a currency. */
export function costRule({ amountMinor, currency, status }: CostFields, at = ''): Faults {
  const faults: RefusalError[] = [];
  if (status === 'known' && amountMinor === undefined) {
    const message = 'a known cost needs an amount; without one it is to-be-determined';
    faults.push({ code: 'AmountMissing', message, pointer: `${at}/amountMinor` });
  }
  if ((status === 'known' || amountMinor !== undefined) && currency === undefined) {
    const message = amountMinor === undefined ? 'a known cost' : `the amount ${amountMinor}`;
    faults.push({
      code: 'CurrencyMissing',
      message: `${message} needs a currency`,
      pointer: `${at}/currency`,
    });
  }
  return faults;
}
