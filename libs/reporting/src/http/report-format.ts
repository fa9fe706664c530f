import { Problem } from '#http';
import type { FastifyReply } from 'fastify';

export const reportFormats = ['json', 'csv', 'xlsx', 'html', 'pdf'] as const;
export type ReportFormat = (typeof reportFormats)[number];

const OFFERED = new Map<string, 'json' | 'csv'>([
  ['application/json', 'json'],
  ['text/csv', 'csv'],
  ['application/*', 'json'],
  ['text/*', 'csv'],
  ['*/*', 'json'],
]);

/**
 * The form a report is wanted in: `format` decides, else the Accept header (RFC 9110).
 * @throws Problem 406 for one that is not offered
 */
export function reportFormat(format: ReportFormat | undefined, accept: string | undefined): 'json' | 'csv' {
  const wanted = format ? (format === 'json' || format === 'csv' ? format : undefined) : accepted(accept);
  if (wanted) return wanted;
  throw new Problem(406, 'FormatNotOffered', 'Reports come as application/json or text/csv.');
}

/** A report in the form it is wanted in. `name`: of the file that CSV is saved as. */
export function reportAnswer<Content>(
  reply: FastifyReply,
  format: 'json' | 'csv',
  name: string,
  content: Content,
  csv: (content: Content) => string,
): Content | string {
  void reply.header('Vary', 'Accept');
  if (format === 'json') return content;
  void reply
    .header('Content-Type', 'text/csv; charset=utf-8; header=present')
    .header('Content-Disposition', `attachment; filename="report-${name}.csv"`);
  return csv(content);
}

function accepted(accept: string | undefined): 'json' | 'csv' | undefined {
  return (accept?.trim() || '*/*')
    .split(',')
    .map((range) => {
      const [type = '', ...parameters] = range
        .toLowerCase()
        .split(';')
        .map((part) => part.trim());
      const quality = parameters.find((parameter) => parameter.startsWith('q='));
      return { format: OFFERED.get(type), quality: quality ? Number(quality.slice(2)) : 1 };
    })
    .filter(({ format, quality }) => format && quality > 0)
    .sort((one, other) => other.quality - one.quality)[0]?.format;
}
