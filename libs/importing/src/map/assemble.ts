import { isDeepStrictEqual } from 'node:util';
import type { CostFields, ParticipationFields } from '#activities';
import type { RowFinding } from '../report.js';
import type { Line } from './line.js';

/** Several lines as the one activity they are. */
export type Assembled = Omit<Line, 'row' | 'fingerprint'>;

/** Lines of one activity, in the order of the file. Where they contradict each other, each line that does is at fault. */
export function assemble(lines: readonly Line[], addUp: boolean): Assembled | { faults: RowFinding[] } {
  const first = lines[0]!;
  const faults = lines.flatMap((line) => contradictions(line, first));
  if (faults.length > 0) return { faults };
  const participations = lines.flatMap((line) => line.participations);
  const costs = lines.flatMap((line) => line.costs);
  return {
    status: first.status,
    activity: first.activity,
    cancel: first.cancel,
    participations: addUp ? combined(participations, addParticipations, PEOPLE) : participations,
    costs: addUp ? combined(costs, addCosts, ['amountMinor']) : costs,
    sources: distinct(lines.flatMap((line) => line.sources)),
  };
}

/** Lines that say the same as an earlier one of their activity: legitimate as a rule, one a person, but worth a look. */
export function identicalLines(lines: readonly Line[]): RowFinding[] {
  const earlier = new Map<string, number>();
  return lines.flatMap(({ row, fingerprint }) => {
    const same = earlier.get(fingerprint);
    if (same === undefined) {
      earlier.set(fingerprint, row);
      return [];
    }
    return [{ row, code: 'IdenticalLine', message: `says the same as line ${same}; both count` }];
  });
}

function contradictions(line: Line, first: Line): RowFinding[] {
  const ours = { status: line.status, ...line.activity, ...line.cancel } as Record<string, unknown>;
  const theirs = { status: first.status, ...first.activity, ...first.cancel } as Record<string, unknown>;
  const fields = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
  return [...fields]
    .filter((field) => !isDeepStrictEqual(ours[field], theirs[field]))
    .map((field) => ({
      row: line.row,
      column: field,
      code: 'DiffersWithinActivity',
      message: `${field} is not that of line ${first.row}, which belongs to the same activity`,
      value: ours[field] === undefined ? undefined : asText(ours[field]),
    }));
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const PEOPLE = ['total', 'military', 'civilian', 'female', 'male'] as const;

/** Parts that agree in all but the numbers become one. */
function combined<Part extends object>(
  parts: readonly Part[],
  add: (a: Part, b: Part) => Part,
  numbers: readonly (keyof Part)[],
): Part[] {
  const byRest = new Map<string, Part>();
  for (const part of parts) {
    const key = JSON.stringify(
      Object.entries(part).filter(([name]) => !numbers.includes(name as keyof Part)),
    );
    const same = byRest.get(key);
    byRest.set(key, same ? add(same, part) : part);
  }
  return [...byRest.values()];
}

/** A number that one of the two does not record is not recorded of both. */
function addParticipations(a: ParticipationFields, b: ParticipationFields): ParticipationFields {
  const sums = PEOPLE.filter((name) => a[name] !== undefined || b[name] !== undefined).map((name) => {
    const [x, y] = [a[name], b[name]];
    return [name, x === undefined || y === undefined ? undefined : x + y] as const;
  });
  return { ...a, ...Object.fromEntries(sums) };
}

function addCosts(a: CostFields, b: CostFields): CostFields {
  const [x, y] = [a.amountMinor, b.amountMinor];
  return { ...a, amountMinor: x === undefined || y === undefined ? undefined : x + y };
}

function distinct<Item>(items: readonly Item[]): Item[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}
