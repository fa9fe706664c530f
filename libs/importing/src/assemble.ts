import { isDeepStrictEqual } from 'node:util';
import { nameInCodes } from '#event-sourcing';
import type { Data, Line } from './map/line.js';
import type { Profile } from './profile/profile.js';
import type { RecordPart } from './records/record-kind.js';
import type { RowFinding } from './report.js';

/** Several lines as the one record they are. */
export type Assembled = Omit<Line, 'row' | 'fingerprint'>;

/**
 * Lines of one record, in the order of the file. Each may bring parts of its own; where they contradict each other in a field of
 * the record, each line that differs from the first is at fault, but for fields that are those of the first line to have them.
 */
export function assemble(lines: readonly Line[], profile: Profile): Assembled | { faults: RowFinding[] } {
  const { kind, addUp, firstOf } = profile;
  const first = lines[0]!;
  const parts = Object.values(kind.parts);
  const ownToLines = new Set([...firstOf, ...parts.map(({ into }) => into)]);
  const faults = lines.flatMap((line) =>
    differing(line, first)
      .filter(([field]) => !ownToLines.has(field))
      .map(([field, value]) => ({
        row: line.row,
        column: field,
        code: `DiffersWithin${nameInCodes(kind.name)}`,
        message: `${field} is not that of line ${first.row}, which belongs to the same ${kind.noun}`,
        value: value === undefined ? undefined : asText(value),
      })),
  );
  if (faults.length > 0) return { faults };
  const data: Record<string, unknown> = { ...first.data };
  for (const field of firstOf) {
    const found = lines.find((line) => line.data[field] !== undefined);
    if (found) data[field] = found.data[field];
  }
  for (const part of parts) {
    const gathered = lines.flatMap((line) => (line.data[part.into] as readonly Data[] | undefined) ?? []);
    if (gathered.length > 0) data[part.into] = settled(gathered, part, addUp);
  }
  return { status: first.status, data, cancel: first.cancel };
}

/** Lines that say the same as an earlier one of their record: legitimate as a rule, one a person, but worth a look. */
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

/** What the line says otherwise than the first, or does not say, by the names of the fields. */
function differing(line: Line, first: Line): (readonly [field: string, value: unknown])[] {
  const ours: Data = { status: line.status, ...line.data, ...line.cancel };
  const theirs: Data = { status: first.status, ...first.data, ...first.cancel };
  return Object.keys({ ...ours, ...theirs })
    .filter((field) => !isDeepStrictEqual(ours[field], theirs[field]))
    .map((field) => [field, ours[field]] as const);
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function settled(parts: readonly Data[], kind: RecordPart, addUp: boolean): readonly Data[] {
  if (kind.once) return [...new Map(parts.map((part) => [JSON.stringify(part), part])).values()];
  return addUp && kind.addUp ? combined(parts, kind.addUp) : parts;
}

/** Parts that agree in all but the numbers become one. */
function combined(parts: readonly Data[], numbers: readonly string[]): Data[] {
  const byRest = new Map<string, Data>();
  for (const part of parts) {
    const key = JSON.stringify(Object.entries(part).filter(([name]) => !numbers.includes(name)));
    const same = byRest.get(key);
    byRest.set(key, same ? { ...same, ...sums(same, part, numbers) } : part);
  }
  return [...byRest.values()];
}

/** A number that one of the two does not record is not recorded of both. */
function sums(one: Data, other: Data, numbers: readonly string[]): Data {
  return Object.fromEntries(
    numbers.map((name) => {
      const [a, b] = [one[name], other[name]];
      return [name, typeof a === 'number' && typeof b === 'number' ? a + b : undefined];
    }),
  );
}
