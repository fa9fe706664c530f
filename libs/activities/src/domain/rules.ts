import { dateRules, type RefusalError, type Span } from '#shared-kernel';
import type { CostFields, ParticipationFields } from './fields.js';

/**
 * The rules that a command's values must keep. Each answers what is broken, with the values in it and a JSON pointer
 * below `at`; none when all is well.
 */
type Faults = readonly RefusalError[];

export type Dates = Span<'startsOn', 'endsOn'>;
export const { datesRule, heldRule, heldDates, correctHeld } = dateRules('startsOn', 'endsOn');

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
