import { searchable } from '#shared-kernel';

/** Values of a statement; each is named in the SQL by what `add` answers. */
export class SqlParameters {
  readonly values: unknown[] = [];

  add(value: unknown): string {
    return `$${this.values.push(value)}`;
  }
}

type Condition = (parameter: string) => string;

/** Conditions for those values that are given. */
export function conditions(
  parameters: SqlParameters,
  ...pairs: readonly (readonly [value: unknown, condition: Condition])[]
): string[] {
  return pairs.flatMap(([value, condition]) =>
    value === undefined ? [] : [condition(parameters.add(value))],
  );
}

/** Conditions for a period on the first and the last day that something may mean: it lies in the period for certain. */
export function periodConditions(
  parameters: SqlParameters,
  { year, from, to }: { readonly year?: string; readonly from?: string; readonly to?: string },
  first: string,
  last: string,
): string[] {
  const notBefore: Condition = (day) => `${first} >= ${day}::date`;
  const notAfter: Condition = (day) => `${last} <= ${day}::date`;
  return conditions(
    parameters,
    [year && `${year}-01-01`, notBefore],
    [year && `${year}-12-31`, notAfter],
    [from, notBefore],
    [to, notAfter],
  );
}

/** A condition for every word of `q`, wherever it stands; what LIKE takes for a wildcard stands for itself. */
export function wordConditions(parameters: SqlParameters, q: string | undefined, column: string): string[] {
  const patterns = q === undefined ? undefined : searchable(q).split(' ').map(pattern);
  return conditions(parameters, [patterns, (words) => `${column} like all(${words}::text[])`]);
}

const pattern = (word: string): string => `%${word.replace(/[\\%_]/g, '\\$&')}%`;
