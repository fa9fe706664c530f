import { reportLines, type Scalar } from '../../report-csv.js';
import type { Report } from '../../report.js';

/** Every figure of a report by its name: section, key and measure, as in its CSV, in JSON. */
export type Figures = ReadonlyMap<string, Scalar>;

/** What the report counts; not the state it is of, nor its wording. */
export function figuresOf({ asOf: _, rule: _rule, period: _period, ...counted }: Report): Figures {
  return new Map(
    reportLines(counted).map(([section, key, measure, value]) => [
      JSON.stringify([section, key, measure]),
      value,
    ]),
  );
}

/** Of a figure: undefined where a report has no such row. */
export interface Move {
  readonly from: Scalar | undefined;
  readonly to: Scalar | undefined;
}

/** The figures that two reports do not share, by name. */
export function* moves(before: Figures, after: Figures): Generator<[name: string, move: Move]> {
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const [from, to] = [before.get(name), after.get(name)];
    if (from !== to) yield [name, { from, to }];
  }
}

/** A row that is not there counts nothing; one that is there without a number has no amount to move by. */
export function isNumeric({ from, to }: Move): boolean {
  return [from, to].every((value) => value === undefined || typeof value === 'number');
}

/** A move as it is shown: what is not there is 0 where the figure is a number, else null. */
export function shown({ from, to }: Move, numeric: boolean) {
  if (!numeric) return { from: from ?? null, to: to ?? null };
  const [before, after] = [(from ?? 0) as number, (to ?? 0) as number];
  return { from: before, to: after, change: exact(after - before) };
}

/** Figures have two decimals at most; binary fractions add some of their own. */
const exact = (value: number): number => (Number.isInteger(value) ? value : Math.round(value * 100) / 100);
