import { describe, expect, it } from '@jest/globals';
import { profileSchema } from '../profile/profile.js';
import { cleaner, decodeEntities } from './clean.js';
import { dateFormat, minorDigits, parseCount, parseCountry, parseDate, parseMoney } from './parse.js';

const US = [dateFormat('M/D/YYYY'), dateFormat('M/D/YY')];

describe('parseDate', () => {
  it.each([
    ['2004', '2004'],
    ['2004-08', '2004-08'],
    ['2004-08-13', '2004-08-13'],
    ['9/30/2002', '2002-09-30'],
    ['09/03/2002', '2002-09-03'],
    ['9/16/02', '2002-09-16'],
    ['9/16/98', '1998-09-16'],
  ])('reads %s as %s', (text, value) => expect(parseDate(text, US, [1990, 2035])).toEqual({ value }));

  it.each([
    ['12/10/207', 'InvalidDate'],
    ['13/1/2002', 'InvalidDate'],
    ['2/30/2002', 'InvalidDate'],
    ['2026-02-30', 'InvalidDate'],
    ['9/28/2009 9/30/2009', 'InvalidDate'],
    ['$0', 'InvalidDate'],
    ['1/1/1900', 'YearOutOfRange'],
    ['6/1/2106', 'YearOutOfRange'],
  ])('refuses %s as %s', (text, code) =>
    expect(parseDate(text, US, [1990, 2035])).toMatchObject({ fault: { code } }),
  );

  it('reads other orders and partial forms', () => {
    expect(dateFormat('D.M.YYYY')('13.8.2004')).toBe('2004-08-13');
    expect(dateFormat('MM/YYYY')('08/2004')).toBe('2004-08');
    expect(dateFormat('D.M.YYYY')('13x8x2004')).toBeUndefined();
  });
});

describe('parseCount', () => {
  it.each([
    ['0', 0],
    ['17', 17],
    ['1,234', 1234],
  ])('reads %s', (text, value) => expect(parseCount(text)).toEqual({ value }));
  it.each(['30 30', '1 Garmisch,', '-1', '1.5', '12,34', 'many'])('refuses %s', (text) =>
    expect(parseCount(text)).toMatchObject({ fault: { code: 'InvalidCount' } }),
  );
});

describe('parseMoney', () => {
  it.each([
    ['$1,234', 123400],
    ['8000', 800000],
    ['3717.36', 371736],
    ['5310.4', 531040],
    ['$0', 0],
    ['$', undefined],
  ])('reads %s', (text, value) => expect(parseMoney(text, 2)).toEqual({ value }));
  it.each(['578 11/16/2008', 'ST-2 $31,000', '1.234', '$1,23', '-5'])('refuses %s', (text) =>
    expect(parseMoney(text, 2)).toMatchObject({ fault: { code: 'InvalidAmount' } }),
  );
  it('counts minor units as the currency has them', () => {
    expect([minorDigits('USD'), minorDigits('JPY')]).toEqual([2, 0]);
    expect(parseMoney('500', 0)).toEqual({ value: 500 });
  });
});

describe('parseCountry', () => {
  it.each([
    ['AZ', 'AZ'],
    ['Azerbaijan', 'AZ'],
    ['AZERBAIJAN', 'AZ'],
    ['Kosovo', 'XK'],
  ])('reads %s as %s', (text, value) => expect(parseCountry(text)).toEqual({ value }));
  it.each(['Yugoslavia', 'ZZ', 'VARIOUS'])('refuses %s', (text) =>
    expect(parseCountry(text)).toMatchObject({ fault: { code: 'UnknownCountry' } }),
  );
});

describe('cleaning', () => {
  it.each([
    ['Bosnia &amp; Herzegovina', 'Bosnia & Herzegovina'],
    ['&#39;x&#x27;', "'x'"],
    ['&unknown; & more', '&unknown; & more'],
    ['&#0;', '&#0;'],
  ])('decodes %s', (text, decoded) => expect(decodeEntities(text)).toBe(decoded));

  it('takes away stray spaces and words for nothing, only as the profile says', () => {
    const profile = (clean: object) =>
      profileSchema.parse({ profileVersion: 1, name: 'x', title: 'x', columns: { required: ['a'] }, clean });
    const all = cleaner(profile({ collapseSpaces: true, decodeEntities: true, blank: ['N/A'] }));
    expect(all('  a \u00a0 b\n&amp; ')).toBe('a b &');
    expect(all(' n/a ')).toBe('');
    expect(cleaner(profile({}))(' a  b\n&amp; ')).toBe('a  b\n&amp;');
  });
});
