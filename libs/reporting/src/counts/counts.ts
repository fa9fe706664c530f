import type { ActivityCounts, ParticipationCounts, TableName } from '../report.js';

/** Parts that a period's totals are made of. */
export const totalParts = [
  'activities',
  'participation',
  'plannedByEnd',
  'byCountry',
  'byInstitution',
] as const;
/** Parts that only its own tables are made of. */
export const tableParts = [
  'byKind',
  'byMonth',
  'byOrganiser',
  'byProgramme',
  'byArea',
  'byRole',
  'byVenueCountry',
  'costs',
] as const satisfies readonly (TableName | 'costs')[];
export type Part = (typeof totalParts)[number] | (typeof tableParts)[number];

/** What the figures of a part's cells are, in their order. `n`: how many stand behind the others, which may all be zero. */
export const measures = {
  activities: ['total', 'planned', 'held', 'heldNotRecorded', 'cancelled', 'postponed', 'notAttended'],
  participation: [
    'attendances',
    'military',
    'civilian',
    'categoryNotRecorded',
    'female',
    'male',
    'genderNotRecorded',
    'personDays',
  ],
  plannedByEnd: ['n'],
  table: ['n', 'planned', 'held', 'cancelled', 'attendances'],
  costs: ['n', 'amountMinor', 'toBeDetermined'],
} as const satisfies Readonly<Record<string, readonly string[]>> & {
  readonly activities: readonly (keyof ActivityCounts | keyof ParticipationCounts)[];
  readonly participation: readonly (keyof ParticipationCounts)[];
};

/**
 * Figures of all that has these keys; null stands for what has none. `activities` and `participation` have no keys,
 * `plannedByEnd` the last day that those planned may take (YYYY-MM-DD), `costs` payer and currency, each table its row's.
 */
export type Cell = readonly [part: Part, keys: readonly (string | null)[], figures: readonly number[]];

/** What is counted of one period, as cells of which those of two sets of activities, or of two states, add up. */
export class Counts {
  /** By part, and there by their keys. */
  private readonly parts = new Map<Part, Map<string, Cell>>();

  constructor(cells: Iterable<Cell> = []) {
    for (const cell of cells) this.add(cell);
  }

  add([part, keys, figures]: Cell): void {
    const cells = this.parts.get(part) ?? new Map<string, Cell>();
    this.parts.set(part, cells);
    const name = JSON.stringify(keys);
    const known = cells.get(name)?.[2];
    const sums = known ? figures.map((figure, index) => figure + known[index]!) : figures;
    if (sums.some((sum) => sum !== 0)) cells.set(name, [part, keys, sums]);
    else cells.delete(name);
  }

  of(part: Part): Cell[] {
    return [...(this.parts.get(part)?.values() ?? [])];
  }

  /** The cells of some parts, in an order that depends on nothing else. */
  sorted(parts: readonly Part[]): Cell[] {
    const named = parts.flatMap((part) => this.of(part)).map((cell) => [nameOf(cell), cell] as const);
    return named.sort(([one], [other]) => (one < other ? -1 : 1)).map(([, cell]) => cell);
  }

  get isEmpty(): boolean {
    return [...this.parts.values()].every((cells) => cells.size === 0);
  }
}

const nameOf = ([part, keys]: Cell): string => JSON.stringify([part, ...keys]);
