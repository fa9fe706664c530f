import type { z } from 'zod';
import type { Profile } from '../profile/profile.js';
import type { Cells } from './field.js';
import { fieldAt, type Fields, type PartFields, type ProfileFields } from './fields.js';
import type { Data, Line } from './line.js';
import type { Findings } from './row-findings.js';

/** What a tidy row says of its record; whatever is wrong with it goes to the findings. */
export function lineOf(
  fields: ProfileFields,
  { kind, firstOf }: Profile,
  cells: Cells,
  findings: Findings,
): Omit<Line, 'row' | 'fingerprint'> {
  const status = String((fields.status && findings.take(fields.status.evaluate(cells))) ?? kind.statuses[0]);
  if (!kind.statuses.includes(status)) {
    const message = `"${status}" is not ${listed(kind.statuses)}`;
    findings.fault({ column: fields.status!.columns[0], code: 'UnknownStatus', message });
  }
  const own = object(fields.own, cells, findings);
  const cancel = status === 'cancelled' ? object(fields.cancel, cells, findings) : {};
  const parts = new Map<string, { readonly by: PartFields; readonly data: Data }[]>();
  for (const by of fields.parts) {
    const { into } = by.kind;
    const data = partOf(by, status, cells, findings);
    if (data) parts.set(into, [...(parts.get(into) ?? []), { by, data }]);
  }
  const arrays = [...parts].map(([into, made]) => [into, made.map(({ data }) => data)] as const);
  const data = { ...own, ...Object.fromEntries(arrays) };

  // A cell that could not be read left its field blank: that the field is missing is not another fault.
  const unread = new Set(findings.faults.map(({ column }) => column));
  const check = (schema: z.ZodType, given: Data): void => {
    for (const issue of schema.safeParse(given).error?.issues ?? []) {
      const [first, index] = issue.path;
      const value = valueAt(issue.path, given);
      // Another line of the record may have it.
      if (value === undefined && firstOf.includes(String(first))) continue;
      const made = parts.get(String(first))?.[Number(index)];
      const columns = fieldAt(fields, issue.path, made && [made.by])?.columns ?? [];
      if (columns.some((column) => unread.has(column))) continue;
      const column = columns.find((name) => cells.get(name)) ?? columns[0];
      findings.fault({ column, ...described(issue, value) });
    }
  };
  check(kind.schema, data);
  if (status === 'cancelled' && kind.cancel) check(kind.cancel, cancel);
  return { status, data, cancel };
}

/** The part that the line brings, if it brings it. */
function partOf(
  { kind, fields, columns, otherwise }: PartFields,
  status: string,
  cells: Cells,
  findings: Findings,
): Data | undefined {
  if (columns.length > 0 && !columns.some((name) => cells.get(name))) {
    if (otherwise) findings.warn([{ column: columns[0], ...otherwise }]);
    return undefined;
  }
  if (kind.only && kind.only.status !== status) {
    const { code, why } = kind.only;
    findings.fault({ column: columns[0], code, message: `${why}; this is ${status}` });
  }
  const currency = fields.find(([path]) => path === 'currency')?.[1].evaluate(cells).value;
  const data = object(fields, cells, findings, typeof currency === 'string' ? currency : undefined);
  return Object.keys(data).length > 0 ? data : undefined;
}

/** `place.country` → { place: { country } }, `sources.0.url` → { sources: [{ url }] }; what has no value is absent. */
function object(fields: Fields, cells: Cells, findings: Findings, currency?: string): Data {
  const result: Record<string, unknown> = {};
  for (const [path, field] of fields) {
    const value = findings.take(field.evaluate(cells, currency));
    if (value === undefined) continue;
    const names = path.split('.');
    const last = names.pop()!;
    let inner = result;
    names.forEach((name, index) => {
      const isArray = /^\d+$/.test(names[index + 1] ?? last);
      inner = (inner[name] ??= isArray ? [] : {}) as Record<string, unknown>;
    });
    inner[last] = value;
  }
  return result;
}

const listed = (names: readonly string[]): string =>
  [names.slice(0, -1).join(', '), names.at(-1)].filter((part) => part !== '').join(' or ');

const CODES: Readonly<Record<string, string>> = {
  invalid_value: 'NotAllowed',
  too_big: 'TooLong',
  unrecognized_keys: 'UnknownField',
};

function described(issue: z.core.$ZodIssue, value: unknown) {
  return value === undefined
    ? { code: 'Missing', message: `${issue.path.join('.')} is needed` }
    : { code: CODES[issue.code] ?? 'Invalid', message: issue.message };
}

function valueAt(path: readonly PropertyKey[], data: Data): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], data);
}
