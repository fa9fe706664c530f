import { describe, expect, it } from '@jest/globals';
import { canonicalJson } from './canonical-hash.js';

/** Examples of RFC 8785, 3.2.2 and 3.2.3. */
describe('canonical JSON', () => {
  it('has keys in the order of their UTF-16 code units', () => {
    const keys = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6'];
    const ordered = ['\r', '1', '\u0080', '\u00f6', '\u20ac', '\ud83d\ude00', '\ufb33'];
    const text = canonicalJson(Object.fromEntries(keys.map((key) => [key, key])));
    expect(text).toBe(`{${ordered.map((key) => `${JSON.stringify(key)}:${JSON.stringify(key)}`).join(',')}}`);
  });

  it('writes numbers, strings and literals as ECMAScript does', () => {
    const value: unknown = JSON.parse(String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`);
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('is refused of what JSON cannot say', () => {
    const round: Record<string, unknown> = {};
    round.round = round;
    for (const value of [{ a: NaN }, { a: Infinity }, { a: 1n }, { a: () => 1 }, round])
      expect(() => canonicalJson(value)).toThrow();
  });
});
