import { MAX_POSITION, type Sql, type Summary } from '#event-sourcing';
import type { Query } from '#postgres';
import { yearCountDifferences } from './year-count-differences.js';
import { marksAfter, rowsFrom, STEPS } from './year-count-rows.js';
import { keptAt, newestMark } from './year-counts.js';

/** Events from one mark to the next. */
const EVERY = 64;

/**
 * Counts of calendar years, kept at marks: at every so many events, a row for each year of which something else is counted
 * than at the mark before.
 * @param every events from one mark to the next; the rows made with another number do not fit
 */
export function yearCountSummary(every = EVERY): Summary {
  return {
    of: 'activities',
    tables: ['count_mark', 'year_count'],

    async isDue(sql, schema) {
      const query = queryOf(sql);
      const newest = await newestMark(query, schema, String(MAX_POSITION));
      return (await marksAfter(query, schema, newest, { every, most: 1 })).length > 0;
    },

    async advance(sql, schema, upTo) {
      const query = queryOf(sql);
      const newest = await newestMark(query, schema, String(upTo));
      const marks = await marksAfter(query, schema, newest, { every, most: STEPS, upTo });
      if (marks.length === 0) return false;
      const years = await keptAt(query, schema, newest);
      const rows = await rowsFrom(query, schema, years, [newest, ...marks]);
      await query(`insert into ${schema}.count_mark select unnest($1::bigint[])`, [marks.map(String)]);
      await query(
        `insert into ${schema}.year_count (year, position, totals, tables)
         select * from unnest($1::text[], $2::bigint[], $3::jsonb[], $4::jsonb[])
         on conflict (year, position) do update set totals = excluded.totals, tables = excluded.tables`,
        [
          rows.map(({ year }) => year),
          rows.map(({ position }) => String(position)),
          rows.map(({ totals }) => JSON.stringify(totals)),
          rows.map(({ tables }) => JSON.stringify(tables)),
        ],
      );
      return marks.length === STEPS;
    },

    differences: (sql, schema, upTo) => yearCountDifferences(queryOf(sql), schema, upTo, every),
  };
}

const queryOf =
  (sql: Sql): Query =>
  async <Row>(text: string, values?: unknown[]) =>
    (await sql.query(text, values)).rows as Row[];
