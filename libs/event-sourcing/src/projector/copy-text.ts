import { finished } from 'node:stream/promises';
import { text } from 'node:stream/consumers';
import type pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';

/*
 * Rows as COPY has them: a line each, fields apart by tabs. Written and read so they cost the database and this program a
 * fraction of what arrays of values do that are joined or unnested.
 */

/** A field that has no value. */
export const NULL = '\\N';

/** The lines of a query's rows. */
export async function copyOut(client: pg.ClientBase, sql: string): Promise<string[]> {
  const lines = await text(client.query(copyTo(`copy (${sql}) to stdout`)));
  return lines === '' ? [] : lines.slice(0, -1).split('\n');
}

/**
 * Inserts rows.
 * @param target table and columns: `activities.cost (id, payer)`
 * @throws the database's errors, without the line they came up at: it may hold personal data
 */
export async function copyIn(client: pg.ClientBase, target: string, lines: readonly string[]): Promise<void> {
  const rows = client.query(copyFrom(`copy ${target} from stdin`));
  rows.end(`${lines.join('\n')}\n`);
  try {
    await finished(rows);
  } catch (error) {
    throw Object.assign(error as pg.DatabaseError, { where: undefined });
  }
}

const SPECIAL = /[\\\b\f\n\r\t\v]/;
const SPECIALS = new RegExp(SPECIAL, 'g');
const LETTERS: Readonly<Record<string, string>> = {
  '\\': '\\',
  '\b': 'b',
  '\f': 'f',
  '\n': 'n',
  '\r': 'r',
  '\t': 't',
  '\v': 'v',
};
const CHARACTERS = Object.fromEntries(
  Object.entries(LETTERS).map(([character, letter]) => [letter, character]),
);

/** Text as a field. */
export function escaped(text: string): string {
  return SPECIAL.test(text) ? text.replace(SPECIALS, (character) => `\\${LETTERS[character]}`) : text;
}

/** A field as the text it was. */
export function unescaped(field: string): string {
  if (!field.includes('\\')) return field;
  return field.replace(/\\(.)/g, (_, letter: string) => CHARACTERS[letter] ?? letter);
}
