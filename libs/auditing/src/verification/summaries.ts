import type { Sql, Summary } from '#event-sourcing';
import type { Faults } from './faults.js';
import type { Difference } from './replay.js';

/**
 * Finds what of the summaries is not what their projections' rows come to. Rows that are at fault themselves explain it, so then
 * nothing is looked at.
 * @param compared position up to which the rows were compared
 */
export async function* summaryDifferences(
  sql: Sql,
  summaries: readonly Summary[],
  compared: bigint,
  faults: Faults,
): AsyncGenerator<Difference> {
  for (const summary of summaries) {
    const of = `${summary.of}.`;
    if (faults.listed.some((fault) => fault.kind === 'row' && fault.table.startsWith(of))) continue;
    for await (const difference of summary.differences(sql, summary.of, compared))
      yield { ...difference, table: `${of}${difference.table}` };
  }
}
