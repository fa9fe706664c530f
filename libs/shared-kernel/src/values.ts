import isoCountries from 'i18n-iso-countries';
import { z } from 'zod';

// Control characters and lone surrogates: neither belongs in a record, PostgreSQL refuses the NUL.
// eslint-disable-next-line no-control-regex
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;

/** Text of 1 to `max` characters, trimmed and NFC-normalised, without control characters (tab and line ends are kept). */
export function text(max: number) {
  return z
    .string()
    .refine((value) => !FORBIDDEN.test(value), 'must not contain control characters')
    .refine((value) => value.isWellFormed(), 'must be well-formed Unicode')
    .transform((value) => value.normalize('NFC').trim())
    .pipe(z.string().min(1).max(max));
}

/** Text on one line. */
export function line(max: number) {
  return text(max).refine((value) => !/[\r\n\t]/.test(value), 'must be one line');
}

/** Text as it is searched: without regard to case, accents and spacing. */
export function searchable(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim();
}

const COUNTRIES = new Set(Object.keys(isoCountries.getAlpha2Codes()));
/** ISO 3166-1 alpha-2, upper case. */
export const country = z
  .string()
  .refine((code) => COUNTRIES.has(code), 'not an ISO 3166-1 alpha-2 country code')
  .meta({ description: 'ISO 3166-1 alpha-2', examples: ['AZ'] });

const CURRENCIES = new Set(Intl.supportedValuesOf('currency'));
/** ISO 4217, upper case. */
export const currency = z
  .string()
  .refine((code) => CURRENCIES.has(code), 'not an ISO 4217 currency code')
  .meta({ description: 'ISO 4217', examples: ['EUR'] });

export const uuid = z.guid().transform((value) => value.toLowerCase());
export const count = z.int().min(0).max(10_000_000);
/** Where something takes place, as far as it is known. */
export const placeSchema = z.strictObject({
  country: country.optional(),
  city: line(200).optional(),
  venue: line(300).optional(),
});
export const sourceSchema = z.strictObject({ url: line(2000).optional(), note: text(4000).optional() });
export type Source = z.output<typeof sourceSchema>;
