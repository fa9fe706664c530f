import { accepted, Problem } from '#http';

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
  const wanted = format
    ? format === 'json' || format === 'csv'
      ? format
      : undefined
    : accepted(accept, OFFERED);
  if (wanted) return wanted;
  throw new Problem(406, 'FormatNotOffered', 'Reports come as application/json or text/csv.');
}
