import { describe, expect, it } from '@jest/globals';
import { compileRegularExpression } from './regular-expression.js';

describe('a regular expression of a filter', () => {
  it.each([
    ['^[ab]-', 'b-1', 'c-1'],
    ['^(first|second)$', 'second', 'seconds'],
    ['^[^$].*', 'orders-1', '$stats'],
    [String.raw`\AOrderPlaced\z`, 'OrderPlaced', 'OrderPlaced2'],
    ['(?i)^ORDER', 'order-1', 'reorder'],
    [String.raw`^\w+-\d$`, 'Überweisung-٣', 'Über weisung-3'],
    [String.raw`^[\w.]+$`, 'Überweisung.eins', 'a-b'],
    [String.raw`^\W\S\D$`, '-xx', 'Üxx'],
    [String.raw`^[\s\S]$`, 'Ü', 'ÜÜ'],
    [String.raw`^[a\-[]$`, '[', 'b'],
    [String.raw`^[]x]\p{Lu}$`, ']Ä', 'xä'],
  ])('%s is understood as .NET does', (expression, matched, other) => {
    const matches = compileRegularExpression(expression);
    expect([matches(matched), matches(other)]).toEqual([true, false]);
  });

  it.each([
    '(?>a)',
    '(?=a)',
    '(?!a)',
    '(?<=a)b',
    '(?<!a)b',
    String.raw`(a)\1`,
    String.raw`(?<n>a)\k<n>`,
    '[a-z-[aeiou]]',
    '[[:alpha:]]',
    '(?x)a b',
    '(?(a)b|c)',
    String.raw`a\Z`,
    String.raw`\Ga`,
    '(',
    '((a{30}){30}){2}',
  ])('%s is refused, and named', (expression) => {
    expect(() => compileRegularExpression(expression)).toThrow(
      `the regular expression ${expression} cannot be used: `,
    );
  });

  it('takes no longer for a text that .NET would try in every way', () => {
    expect(compileRegularExpression('^(a+)+$')(`${'a'.repeat(2_000)}!`)).toBe(false);
  });
});
