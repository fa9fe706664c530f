import { placeholders } from '../profile/check-profile.js';
import type { FieldRule, Profile } from '../profile/profile.js';
import {
  dateFormat,
  minorDigits,
  parseCount,
  parseCountry,
  parseDate,
  parseMoney,
  type Parsed,
} from '../values/parse.js';

/** Cleaned cells of a row by column. */
export type Cells = ReadonlyMap<string, string>;
export type Value = string | number | readonly string[];
export interface Finding {
  readonly column?: string;
  readonly code: string;
  readonly message: string;
}
export interface Evaluated {
  readonly value?: Value;
  readonly fault?: Finding;
  readonly warnings: readonly Finding[];
}
/** A field's rule, ready to be applied to rows. `currency` is the one that amounts of the row are in. */
export interface Field {
  /** Where its value comes from, the first first; none for a constant. */
  readonly columns: readonly string[];
  evaluate(cells: Cells, currency?: string): Evaluated;
}

const NOTHING: Evaluated = { warnings: [] };

/** Compiles a rule that checkProfile has passed. */
export function compileField(given: FieldRule | string, profile: Profile): Field {
  const rule: FieldRule = typeof given === 'string' ? { from: given } : given;
  const from = [rule.from ?? []].flat();
  const template = rule.template;
  const map = new Map(Object.entries(rule.map ?? {}).map(([key, value]) => [key.toLowerCase(), value ?? '']));
  const rules = rule.rules?.map(({ match, is }) => ({ match: new RegExp(match, 'iu'), is }));
  const read = reader(rule, profile);
  const otherwise = rule.else === undefined ? undefined : compileField(rule.else, profile);
  const columns = [...from, ...placeholders(template ?? '')];

  const evaluate = (cells: Cells, currency?: string): Evaluated => {
    const column = from.find((name) => cells.get(name)) ?? columns[0];
    let text =
      rule.value ?? (template === undefined ? (cells.get(column ?? '') ?? '') : fill(template, cells));
    text = map.get(text.toLowerCase()) ?? text;
    if (rules) text = byRules(rules, text);
    const parsed: Parsed<Value | undefined> = text === '' ? { value: undefined } : read(text, currency);
    if ('fault' in parsed && !rule.lenient) return { fault: { column, ...parsed.fault }, warnings: [] };
    const value = 'fault' in parsed ? undefined : parsed.value;
    if (value === undefined) return otherwise?.evaluate(cells, currency) ?? NOTHING;
    const warnings: Finding[] = rule.warning ? [{ column, ...rule.warning }] : [];
    if (rule.shorten === undefined || typeof value !== 'string' || value.length <= rule.shorten) {
      return { value, warnings };
    }
    const message = `cut from ${value.length} to ${rule.shorten} characters`;
    warnings.push({ column, code: 'Shortened', message });
    return { value: `${value.slice(0, rule.shorten - 1).trimEnd()}…`, warnings };
  };
  return { columns: [...columns, ...(otherwise?.columns ?? [])], evaluate };
}

function byRules(rules: readonly { match: RegExp; is: string }[], text: string): string {
  for (const { match, is } of rules) {
    const found = match.exec(text);
    if (found) return substitute(is, found);
  }
  return '';
}

/** `$1` … `$9` of a match put into a text. */
export function substitute(text: string, found: RegExpExecArray): string {
  return text.replace(/\$(\d)/g, (_, group: string) => found[Number(group)] ?? '').trim();
}

/** `{column}` filled in; a [bracketed] part goes when none of its columns has anything. */
function fill(template: string, cells: Cells): string {
  const put = (text: string) => text.replace(/\{([^{}]+)\}/g, (_, name: string) => cells.get(name) ?? '');
  const used = placeholders(template);
  if (used.length > 0 && !used.some((name) => cells.get(name))) return '';
  return put(
    template.replace(/\[([^[\]]*)\]/g, (_, part: string) =>
      placeholders(part).some((name) => cells.get(name)) ? part : '',
    ),
  ).trim();
}

function reader(
  { as = 'text' }: FieldRule,
  { dates }: Profile,
): (text: string, currency?: string) => Parsed<Value | undefined> {
  const formats = dates.formats.map(dateFormat);
  switch (as) {
    case 'text':
      return (text) => ({ value: text });
    case 'date':
      return (text) => parseDate(text, formats, dates.years);
    case 'count':
      return parseCount;
    case 'money':
      return (text, currency) => parseMoney(text, digitsOf(currency));
    case 'country':
      return parseCountry;
    case 'list':
      return (text) => ({
        value: text
          .split('|')
          .map((part) => part.trim())
          .filter((part) => part !== ''),
      });
    default:
      return as satisfies never;
  }
}

function digitsOf(currency: string | undefined): number {
  // A code that is none is a fault of its own column.
  return currency !== undefined && /^[A-Z]{3}$/.test(currency) ? minorDigits(currency) : 2;
}
