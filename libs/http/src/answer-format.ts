import { accepted } from './accepted.js';
import { Problem } from './problem.js';

export const answerFormats = ['json', 'csv', 'xlsx', 'html', 'pdf'] as const;
export type AnswerFormat = (typeof answerFormats)[number];

const OFFERED = new Map<string, 'json' | 'csv'>([
  ['application/json', 'json'],
  ['text/csv', 'csv'],
  ['application/*', 'json'],
  ['text/*', 'csv'],
  ['*/*', 'json'],
]);

/**
 * The form an answer is wanted in: `format` decides, else the Accept header (RFC 9110).
 * @throws Problem 406 for one that is not offered
 */
export function answerFormat(format: AnswerFormat | undefined, accept: string | undefined): 'json' | 'csv' {
  const wanted = format
    ? format === 'json' || format === 'csv'
      ? format
      : undefined
    : accepted(accept, OFFERED);
  if (wanted) return wanted;
  throw new Problem(406, 'FormatNotOffered', 'This comes as application/json or text/csv.');
}
