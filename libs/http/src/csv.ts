import type { Options } from 'csv-stringify';
import type { FastifyReply } from 'fastify';

/** How tables are written: RFC 4180, in UTF-8. Lists and objects are written as JSON. */
export const csvOptions = {
  record_delimiter: 'windows',
  // Names come from people: a spreadsheet must not take one for a formula.
  escape_formulas: true,
  cast: { boolean: String },
} satisfies Options;

/** Says that the answer is a table with a header line, to be kept as `<name>.csv`. */
export function answersCsv(reply: FastifyReply, name: string): void {
  void reply
    .header('Content-Type', 'text/csv; charset=utf-8; header=present')
    .header('Content-Disposition', `attachment; filename="${name}.csv"`);
}
