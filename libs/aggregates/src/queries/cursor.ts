import { isPartialDate, uuid } from '#shared-kernel';
import { z } from 'zod';
import type { Sort } from './list-definition.js';

/** Where the next page begins: after this row, in the state of the first page, whatever was recorded since. */
export interface Cursor {
  readonly sort: string;
  readonly position: string;
  /** Value of the row's sort column. */
  readonly key: string;
  readonly id: string;
}

const cursorSchema = z.tuple([z.string(), z.string().regex(/^-?\d{1,18}$/), z.string().max(1000), uuid]);

const keys: Readonly<Record<Sort['type'], (key: string) => boolean>> = {
  date: (key) => key.length === 10 && isPartialDate(key),
  timestamptz: (key) => z.iso.datetime().safeParse(key).success && isPartialDate(key.slice(0, 10)),
  text: (key) => !key.includes('\0') && key.isWellFormed(),
};

/** Values as the text of a cursor, which clients send back as it is. */
export function encodeCursor(values: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/** Undefined for a text that is no cursor of this kind. */
export function decodeCursor<Values>(text: string, schema: z.ZodType<Values>): Values | undefined {
  try {
    return schema.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
  } catch {
    return undefined;
  }
}

export function writeCursor({ sort, position, key, id }: Cursor): string {
  return encodeCursor([sort, position, key, id]);
}

/** Undefined for a text that is no cursor of this sort. */
export function readCursor(text: string, name: string, { type }: Sort): Cursor | undefined {
  const read = decodeCursor(text, cursorSchema);
  if (!read) return undefined;
  const [sort, position, key, id] = read;
  return sort === name && keys[type](key) ? { sort, position, key, id } : undefined;
}
