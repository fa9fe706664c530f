import { firstDay, lastDay, type PartialDate, type RefusalError } from '#shared-kernel';

/** The days from the first to the last, both counted, as YYYY-MM-DD; without a last one it goes on. */
export interface Span {
  readonly first: string;
  readonly last?: string;
}

/** A part of an aggregate that takes up its days for itself. `name` says which it is, as in `the cycle …`. */
export interface Spanning {
  readonly name: string;
  readonly span: Span;
}

/** A date known by its month or year stands for all of it: `2005` to `2007-06` are 2005-01-01 to 2007-06-30. */
export function spanBetween(from: PartialDate, to?: PartialDate): Span {
  return to === undefined ? { first: firstDay(from) } : { first: firstDay(from), last: lastDay(to) };
}

export function overlaps(one: Span, other: Span): boolean {
  return startsBy(one, other.last) && startsBy(other, one.last);
}

const startsBy = ({ first }: Span, last: string | undefined): boolean => last === undefined || first <= last;

/** One fault for each of the others that has a day of this span. */
export function overlapRule(
  span: Span,
  others: readonly Spanning[],
  code: string,
  pointer: string,
): readonly RefusalError[] {
  return others
    .filter((other) => overlaps(span, other.span))
    .map((other) => ({
      code,
      message: `${said(span)} overlaps ${other.name}, ${said(other.span)}`,
      pointer,
    }));
}

const said = ({ first, last }: Span): string =>
  last === undefined ? `${first} onwards` : `${first} to ${last}`;
