import isoCountries from 'i18n-iso-countries';
import { isPartialDate } from '#shared-kernel';

/** A cell that cannot be read as what it should be. */
export interface Unreadable {
  readonly code: string;
  readonly message: string;
}
export type Parsed<Value> = { readonly value: Value } | { readonly fault: Unreadable };

const fault = (code: string, message: string) => ({ fault: { code, message } });

export type DateFormat = (text: string) => string | undefined;

/** A reader of dates such as `M/D/YY`: two digits of a year mean 1950 to 2049. M and D take one digit or two. */
export function dateFormat(format: string): DateFormat {
  const parts: string[] = [];
  const source = format.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&').replace(/YYYY|YY|MM|M|DD|D/g, (part) => {
    parts.push(part[0]!);
    return part === 'YYYY' ? '(\\d{4})' : part.length === 2 ? '(\\d{2})' : '(\\d{1,2})';
  });
  const pattern = new RegExp(`^${source}$`);
  return (text) => {
    const match = pattern.exec(text);
    if (!match) return undefined;
    const at = (part: string) => {
      const index = parts.indexOf(part);
      return index < 0 ? undefined : match[index + 1]!.padStart(2, '0');
    };
    const [year, month, day] = [at('Y')!, at('M'), at('D')];
    const full = year.length === 4 ? year : `${Number(year) < 50 ? '20' : '19'}${year}`;
    return [full, month, day].filter((part) => part !== undefined).join('-');
  };
}

/** An ISO date of any precision as it stands, or one of the formats; within the years. */
export function parseDate(
  text: string,
  formats: readonly DateFormat[],
  [first, last]: readonly [number, number],
): Parsed<string> {
  const candidates = [text, ...formats.map((format) => format(text))];
  const date = candidates.find((candidate) => candidate !== undefined && isPartialDate(candidate));
  if (date === undefined) return fault('InvalidDate', `"${text}" is not a calendar date in a known form`);
  const year = Number(date.slice(0, 4));
  return year >= first && year <= last
    ? { value: date }
    : fault('YearOutOfRange', `the year of ${date} is not within ${first} to ${last}`);
}

/** A whole number, thousands set apart by commas allowed. */
export function parseCount(text: string): Parsed<number> {
  return /^(\d+|\d{1,3}(,\d{3})+)$/.test(text)
    ? { value: Number(text.replaceAll(',', '')) }
    : fault('InvalidCount', `"${text}" is not a whole number`);
}

/** An amount in minor units: `$1,234.5` → 123450 for a currency of two digits. A sign without a number is no amount. */
export function parseMoney(text: string, digits: number): Parsed<number | undefined> {
  const bare = text.replace(/^[$€£]\s*/, '');
  if (bare === '') return { value: undefined };
  const match = /^(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d+))?$/.exec(bare);
  if (!match || (match[2]?.length ?? 0) > digits) {
    return fault('InvalidAmount', `"${text}" is not an amount of money with up to ${digits} decimals`);
  }
  return { value: Number(match[1]!.replaceAll(',', '') + (match[2] ?? '').padEnd(digits, '0')) };
}

/** Digits of a currency's minor unit: USD 2, JPY 0. */
export function minorDigits(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
    .maximumFractionDigits!;
}

/** ISO 3166-1 alpha-2 of a code or an English name. */
export function parseCountry(text: string): Parsed<string> {
  const code = isoCountries.isValid(text.toUpperCase())
    ? isoCountries.toAlpha2(text.toUpperCase())
    : isoCountries.getAlpha2Code(text, 'en');
  return code
    ? { value: code }
    : fault('UnknownCountry', `"${text}" is no country's ISO code or English name`);
}
