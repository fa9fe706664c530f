import { asOfParameters } from '#postgres';
import { country, isPartialDate, line, uuid } from '#shared-kernel';
import { z } from 'zod';
import { activityStatuses } from '../domain/activity.js';
import { areas, kinds, programmes } from '../domain/fields.js';

export const sorts = ['startsOn', '-startsOn', 'recordedAt'] as const;
export type Sort = (typeof sorts)[number];

const MOST = 500;
const day = z.iso.date().refine(isPartialDate, 'give a day between 1900 and 2199');

/** Query parameters of the list. A period takes in what starts in it for certain, as the reports do. */
export const listActivitiesSchema = z.strictObject({
  year: z
    .string()
    .regex(/^\d{4}$/)
    .refine(isPartialDate, 'give a year between 1900 and 2199')
    .optional(),
  from: day.optional(),
  to: day.optional(),
  kind: z.enum(kinds).optional(),
  status: z.enum(activityStatuses).optional(),
  programme: z.enum(programmes).optional(),
  area: z.enum(areas).optional(),
  organiser: line(300).optional().meta({ description: "The organiser's name, in any case" }),
  country: country.optional().meta({ description: 'Took part' }),
  institution: line(300).optional().meta({ description: 'Took part; the name in any case' }),
  reference: line(100).optional(),
  q: line(200).optional().meta({ description: 'Words that title, reference, organiser or place contain' }),
  sort: z.enum(sorts).default('startsOn'),
  limit: z
    .string()
    .regex(/^\d{1,4}$/, 'give a whole number')
    .transform(Number)
    .pipe(z.int().min(1).max(MOST))
    .default(50),
  cursor: z.string().max(1000).optional().meta({ description: '`nextCursor` of the page before' }),
  total: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .default(false),
  ...asOfParameters,
});
export type ListActivitiesParameters = z.output<typeof listActivitiesSchema>;

/** Where the next page begins: after this row, in the state of the first page, whatever was recorded since. */
const cursorSchema = z.tuple([
  z.enum(sorts),
  z.string().regex(/^-?\d{1,18}$/),
  z.union([z.iso.date(), z.iso.datetime()]),
  uuid,
]);

export interface Cursor {
  readonly sort: Sort;
  readonly position: string;
  readonly key: string;
  readonly id: string;
}

export function writeCursor({ sort, position, key, id }: Cursor): string {
  return Buffer.from(JSON.stringify([sort, position, key, id])).toString('base64url');
}

/** Undefined for a text that is no cursor of this sort. */
export function readCursor(text: string, sort: Sort): Cursor | undefined {
  try {
    const [of, position, key, id] = cursorSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
    if (!isPartialDate(key.slice(0, 10))) return undefined;
    const keyLength = sort === 'recordedAt' ? key.length > 10 : key.length === 10;
    return of === sort && keyLength ? { sort, position, key, id } : undefined;
  } catch {
    return undefined;
  }
}
