import { z } from 'zod';
import type { RecordKind } from '../records/record-kind.js';

/** A regular expression, without regard to case. */
const pattern = z.string().min(1).max(2000);
const columnName = z.string().min(1).max(200);

/** How one value is made of a row. Plain text is short for `{ "from": text }`. */
export interface FieldRule {
  /** The first of these columns that is not blank. */
  readonly from?: string | readonly string[];
  /** Text with {column}s; what stands in [brackets] is left out where all its columns are blank. */
  readonly template?: string;
  /** The same for every row. */
  readonly value?: string;
  /** Replaces a whole value, without regard to case; null: blank. What is not named stays. */
  readonly map?: Readonly<Record<string, string | null>>;
  /** The first that matches makes the value, `$1` being its first group; if none does, it is blank. */
  readonly rules?: readonly { readonly match: string; readonly is: string }[];
  readonly as?: 'text' | 'date' | 'count' | 'money' | 'country' | 'list';
  /** What cannot be read as that is blank instead of a fault. */
  readonly lenient?: boolean;
  /** Text longer than this is cut, with a warning. */
  readonly shorten?: number;
  /** Used where the value is blank. */
  readonly else?: FieldRule | string;
  /** Says so whenever this rule gave the value. */
  readonly warning?: { readonly code: string; readonly message: string };
}

/** By the path of the field that each gives. */
export type FieldRules = Readonly<Record<string, FieldRule | string>>;

const fieldRule: z.ZodType<FieldRule | string> = z.lazy(() =>
  z.union([
    columnName,
    z.strictObject({
      from: z.union([columnName, z.array(columnName).min(1)]).optional(),
      template: z.string().optional(),
      value: z.string().optional(),
      map: z.record(z.string(), z.string().nullable()).optional(),
      rules: z.array(z.strictObject({ match: pattern, is: z.string() })).optional(),
      as: z.enum(['text', 'date', 'count', 'money', 'country', 'list']).optional(),
      lenient: z.boolean().optional(),
      shorten: z.int().min(1).optional(),
      else: fieldRule.optional(),
      warning: z.strictObject({ code: z.string(), message: z.string() }).optional(),
    }),
  ]),
);

/** Conditions on columns, all of which must hold. */
const condition = z.record(
  columnName,
  z.union([z.strictObject({ match: pattern }), z.strictObject({ blank: z.boolean() })]),
);

const fields = z.record(z.string(), fieldRule).default({});

/** A part of a record that a line may bring: there where any column of `when` (absent: any used) is not blank. */
const part = z.strictObject({
  when: z.array(columnName).min(1).optional(),
  fields,
  /** Warns of a line without the part. */
  otherwise: z.strictObject({ code: z.string(), message: z.string() }).optional(),
});
export type Part = z.output<typeof part>;

/** How the rows of one kind of file become records. libs/importing/README.md shows how to write one. */
export const profileSchema = z.strictObject({
  profileVersion: z.literal(1),
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/)
    .max(60),
  title: z.string(),
  /** The kind of record that its rows become. */
  record: z.string().default('activity'),
  delimiter: z.string().length(1).default(','),
  columns: z.strictObject({
    required: z.array(columnName).min(1),
    optional: z.array(columnName).default([]),
    /** What to do with a column that is not named here. */
    others: z.enum(['refuse', 'ignore']).default('refuse'),
  }),
  /** Done to every cell first; its ends are trimmed in any case. */
  clean: z
    .strictObject({
      collapseSpaces: z.boolean().default(false),
      decodeEntities: z.boolean().default(false),
      /** Words that stand for "nothing", without regard to case. */
      blank: z.array(z.string()).default([]),
    })
    .prefault({}),
  /** Columns that number the lines: two lines that differ in these alone are identical. */
  lineNumbers: z.array(columnName).default([]),
  /** Cells put right, in this order: where `column` matches and all of `ifBlank` are blank, `set` replaces cells. */
  repairs: z
    .array(
      z.strictObject({
        column: columnName,
        match: pattern,
        ifBlank: z.array(columnName).default([]),
        set: z.record(columnName, z.string()),
        code: z.string(),
        message: z.string(),
      }),
    )
    .default([]),
  /** Further columns, each made of those before. */
  derive: fields,
  /** Rows that are no record; the first that holds gives the reason. */
  leaveOut: z.array(z.strictObject({ reason: z.string(), where: condition })).default([]),
  /** Lines that agree in these columns are one record; of several lists the first that is not blank counts. Absent: in all columns. */
  group: z
    .union([z.array(columnName).min(1), z.array(z.array(columnName).min(1)).min(1)])
    .transform((group) => (Array.isArray(group[0]) ? group : [group]) as string[][])
    .optional(),
  /** Fields of the record that each line may say otherwise: the first line that has one gives it. */
  firstOf: z.array(z.string()).default([]),
  /** Parts that are the same but for their numbers become one, as lines of one delegation do: the numbers add up. */
  addUp: z.boolean().default(false),
  dates: z
    .strictObject({
      /** Made of Y M D and what stands between; ISO dates of any precision are always read. */
      formats: z.array(z.string().regex(/^[^A-Za-z]*(?:(?:YYYY|YY|MM|M|DD|D)[^A-Za-z]*)+$/)).default([]),
      /** First and last year that can be meant. */
      years: z.tuple([z.int(), z.int()]).default([1900, 2199]),
    })
    .prefault({}),
  /** The record's own fields by their paths, such as `place.country`. */
  fields,
  /** Those of an activity: held (if blank), planned or cancelled. */
  status: fieldRule.optional(),
  /** What its cancellation says, such as reasonCode and note, where the status is cancelled. */
  cancel: fields,
  /** Parts that each line brings, such as `participation`; several of one name are several a line. */
  parts: z
    .record(
      z.string(),
      z.union([z.array(part).min(1), part]).transform((given) => [given].flat()),
    )
    .default({}),
});

/** A profile that was checked against the kind of record it makes. */
export type Profile = Omit<z.output<typeof profileSchema>, 'record'> & { readonly kind: RecordKind };
