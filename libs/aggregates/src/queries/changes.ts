import { isSame } from '#shared-kernel';

/** A field of what is shown of an aggregate that an event changed. `from` is absent where there was none, `to` where there is none now. */
export interface Change {
  /** Dotted path of the public names, a part in a list by its id: `title`, `place.city`, `participations.<participationId>.total`. */
  readonly field: string;
  readonly from?: unknown;
  readonly to?: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * What differs between two states as they are shown, in the order in which the fields are. A list of plain values is one
 * field; an empty list, which says that nothing is recorded, counts as none.
 *
 * A part that appears or goes is told leaf by leaf, as one that is corrected is: so every figure has a line of its own in a
 * table, under one name from its recording to its withdrawal, and nothing has to be read out of JSON in a cell.
 */
export function changesBetween(before: object | undefined, after: object): readonly Change[] {
  const changes: Change[] = [];
  compare('', before, after, changes);
  return changes;
}

function compare(field: string, from: unknown, to: unknown, changes: Change[]): void {
  if (from === to) return;
  const [left, right] = unshared(from, to);
  const key = partKey(field);
  const [old, now] = [branches(left, key), branches(right, key)];
  if (old && now) {
    const prefix = field && `${field}.`;
    for (const name of Object.keys({ ...old, ...now })) compare(prefix + name, old[name], now[name], changes);
  } else if (!isSame(from, to)) {
    changes.push({ field, ...(isNone(from) ? {} : { from }), ...(isNone(to) ? {} : { to }) });
  }
}

/** Two lists without what they share at their ends: an event touches one part, and lists of thousands are compared for each. */
function unshared(from: unknown, to: unknown): readonly [unknown, unknown] {
  if (!Array.isArray(from) || !Array.isArray(to)) return [from, to];
  const shorter = Math.min(from.length, to.length);
  let head = 0;
  while (head < shorter && from[head] === to[head]) head++;
  let tail = 0;
  while (tail < shorter - head && from[from.length - 1 - tail] === to[to.length - 1 - tail]) tail++;
  return [from.slice(head, from.length - tail), to.slice(head, to.length - tail)];
}

/** The fields of an object, or the parts of a list by their ids; none of what is none; undefined for a plain value. */
function branches(value: unknown, key: string): Fields | undefined {
  if (isNone(value)) return {};
  if (typeof value !== 'object') return undefined;
  if (!Array.isArray(value)) return value as Fields;
  const parts = value as readonly Fields[];
  if (!parts.every((part) => typeof part === 'object' && part !== null && key in part)) return undefined;
  return Object.fromEntries(parts.map(({ [key]: id, ...part }) => [String(id), part]));
}

const isNone = (value: unknown) =>
  value === undefined || value === null || (Array.isArray(value) && value.length === 0);

/** The field that holds a part's id, by the name of the list: `cycles` → `cycleId`. */
function partKey(field: string): string {
  return `${field.slice(field.lastIndexOf('.') + 1).replace(/s$/, '')}Id`;
}
