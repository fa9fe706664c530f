import type { Options } from 'csv-stringify';
import type { FastifyReply } from 'fastify';

/** How tables are written: RFC 4180, in UTF-8. Lists and objects are written as JSON. */
export const csvOptions = {
  record_delimiter: 'windows',
  // Names come from people: a spreadsheet must not take one for a formula.
  escape_formulas: true,
  cast: { boolean: String },
} satisfies Options;

/** What is answered, in the form it is wanted in. `name`: of the file that CSV is saved as. */
export function jsonOrCsv<Content>(
  reply: FastifyReply,
  format: 'json' | 'csv',
  name: string,
  content: Content,
  csv: (content: Content) => string,
): Content | string {
  void reply.header('Vary', 'Accept');
  if (format === 'json') return content;
  answersCsv(reply, name);
  return csv(content);
}

/** Says that the answer is a table with a header line, to be kept as `<name>.csv`. */
export function answersCsv(reply: FastifyReply, name: string): void {
  void reply
    .header('Content-Type', 'text/csv; charset=utf-8; header=present')
    .header('Content-Disposition', `attachment; filename="${name}.csv"`);
}
