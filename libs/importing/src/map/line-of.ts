import { activityCommandSchemas } from '#activities';
import type { z } from 'zod';
import type { Part } from '../profile/profile.js';
import type { Cells } from './field.js';
import { fieldAt, type Fields, type ProfileFields } from './fields.js';
import type { Line, LineStatus } from './line.js';
import type { Findings } from './row-findings.js';

const statuses: ReadonlySet<string> = new Set<LineStatus>(['held', 'planned', 'cancelled']);

/** What a tidy row says of its activity; whatever is wrong with it goes to the findings. */
export function lineOf(
  fields: ProfileFields,
  cells: Cells,
  findings: Findings,
): Omit<Line, 'row' | 'fingerprint'> {
  const status = String((fields.status && findings.take(fields.status.evaluate(cells))) ?? 'held');
  if (!statuses.has(status)) {
    const message = `"${status}" is not held, planned or cancelled`;
    findings.fault({ column: fields.status!.columns[0], code: 'UnknownStatus', message });
  }
  const activity = object(fields.activity, cells, findings);
  const cancel = status === 'cancelled' ? object(fields.cancel, cells, findings) : {};
  const participations = part(fields.participationRule, fields.participation, cells, findings);
  const costs = part(fields.costRule, fields.cost, cells, findings);
  const source = object(fields.source, cells, findings);
  const sources = Object.keys(source).length > 0 ? [source] : [];
  if (participations.length > 0 && status !== 'held') {
    const column = fields.participationRule.when?.[0] ?? fields.participation[0]![1].columns[0];
    const message = `who took part is recorded of what was held; this is ${status}`;
    findings.fault({ column, code: 'NotHeld', message });
  }
  // A cell that could not be read left its field blank: that the field is missing is not another fault.
  const unread = new Set(findings.faults.map(({ column }) => column));
  const check = (schema: z.ZodType, data: object): void => {
    for (const issue of schema.safeParse(data).error?.issues ?? []) {
      const columns = fieldAt(fields, issue.path)?.columns ?? [];
      if (columns.some((column) => unread.has(column))) continue;
      const column = columns.find((name) => cells.get(name)) ?? columns[0];
      findings.fault({ column, ...described(issue, data) });
    }
  };
  check(activityCommandSchemas.log, { ...activity, participations, costs, sources });
  if (status === 'cancelled') check(activityCommandSchemas.cancel, cancel);
  // Checked above; without faults it is what its type says.
  return { status, activity, cancel, participations, costs, sources } as unknown as Line;
}

function part({ when, otherwise }: Part, fields: Fields, cells: Cells, findings: Findings) {
  const columns = when ?? fields.flatMap(([, field]) => field.columns);
  if (!columns.some((name) => cells.get(name))) {
    if (otherwise) findings.warn([{ column: columns[0], ...otherwise }]);
    return [];
  }
  const currency = fields.find(([path]) => path === 'currency')?.[1].evaluate(cells).value;
  return [object(fields, cells, findings, typeof currency === 'string' ? currency : undefined)];
}

/** `place.country` → { place: { country } }; what has no value is absent. */
function object(fields: Fields, cells: Cells, findings: Findings, currency?: string) {
  const result: Record<string, unknown> = {};
  for (const [path, field] of fields) {
    const value = findings.take(field.evaluate(cells, currency));
    if (value === undefined) continue;
    const names = path.split('.');
    const last = names.pop()!;
    let inner = result;
    for (const name of names) inner = (inner[name] ??= {}) as Record<string, unknown>;
    inner[last] = value;
  }
  return result;
}

const CODES: Readonly<Record<string, string>> = {
  invalid_value: 'NotAllowed',
  too_big: 'TooLong',
  unrecognized_keys: 'UnknownField',
};

function described(issue: z.core.$ZodIssue, data: object) {
  const value = issue.path.reduce<unknown>(
    (at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key],
    data,
  );
  return value === undefined
    ? { code: 'Missing', message: `${issue.path.join('.')} is needed` }
    : { code: CODES[issue.code] ?? 'Invalid', message: issue.message };
}
