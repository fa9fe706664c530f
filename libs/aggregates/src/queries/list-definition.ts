import type { SqlParameters } from '#postgres';
import { asOfParameters } from '#http';
import { isPartialDate } from '#shared-kernel';
import { z } from 'zod';

/** What rows can be sorted by: a column of the list's table that is never null. */
export interface Sort {
  readonly column: string;
  readonly type: 'date' | 'timestamptz' | 'text';
  readonly descending?: boolean;
}

export type Filters = Readonly<Record<string, unknown>>;

/** How the aggregates of one kind are listed from their system-versioned table. */
export interface ListDefinition<Given extends Filters = Filters> {
  /** The projection, which is also the schema of its tables. */
  readonly projection: string;
  readonly table: string;
  /** Of the table, which goes by the name `a`; as they stand in SQL. */
  readonly columns: readonly string[];
  /** By the name of the query parameter `sort`; the first is the usual one. */
  readonly sorts: Readonly<Record<string, Sort>>;
  /** One condition for each filter that is given. `holds(t)`: which versions of a further table t are meant. */
  filters(given: Given, parameters: SqlParameters, holds: (table: string) => string): string[];
  /** An item of the answer; undefined and null values are left out of it. */
  item(row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
}

/** What every list takes beside its own filters. */
export interface PageParameters {
  readonly sort: string;
  readonly limit: number;
  readonly cursor?: string;
  readonly total: boolean;
  readonly asOf?: string;
  readonly asOfPosition?: string;
}

const MOST = 500;
const day = z.iso.date().refine(isPartialDate, 'give a day between 1900 and 2199');

/** Query parameters that name a period; a list takes in what lies in it for certain, as the reports do. */
export const periodParameters = {
  year: z
    .string()
    .regex(/^\d{4}$/)
    .refine(isPartialDate, 'give a year between 1900 and 2199')
    .optional(),
  from: day.optional(),
  to: day.optional(),
};

/** How much of a list or a history is answered at once, when it is not said. */
export const PAGE = 50;

/** How many items of a page are asked for. */
export const pageLimit = z
  .string()
  .regex(/^\d{1,15}$/, { error: 'give a whole number', abort: true })
  .transform(Number)
  .pipe(z.int().min(1).max(MOST));

/** Query parameters of whatever is answered page by page. */
export const pageParameters = {
  limit: pageLimit,
  cursor: z.string().max(4000).optional().meta({ description: '`nextCursor` of the page before' }),
};

/** The schema of a list's query parameters: its own filters, and those of every list. */
export function listSchema<Shape extends z.ZodRawShape>(sorts: readonly string[], filters: Shape) {
  return z.strictObject({
    ...filters,
    sort: z.enum(sorts as [string, ...string[]]).default(sorts[0]!),
    limit: pageParameters.limit.default(PAGE),
    cursor: pageParameters.cursor,
    total: z
      .enum(['true', 'false'])
      .transform((value) => value === 'true')
      .default(false),
    ...asOfParameters,
  });
}
