import type { Sql, Summary } from '#event-sourcing';
import type { Difference } from './replay.js';

/** What of a summary is not what its projection's rows come to. */
export interface SummaryDifferences {
  /** Name of the projection. */
  readonly of: string;
  readonly differences: readonly Difference[];
}

/** @param compared position up to which the rows are compared */
export async function summaryDifferences(
  sql: Sql,
  summaries: readonly Summary[],
  compared: bigint,
): Promise<SummaryDifferences[]> {
  const found: SummaryDifferences[] = [];
  for (const summary of summaries) {
    const differences: Difference[] = [];
    for await (const difference of summary.differences(sql, summary.of, compared))
      differences.push({ ...difference, table: `${summary.of}.${difference.table}` });
    found.push({ of: summary.of, differences });
  }
  return found;
}
