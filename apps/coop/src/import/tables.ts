import type { ImportSummary, RowFinding } from '#importing';
import Table from 'cli-table3';

const WIDEST = 60;

export function summaryTable(summary: ImportSummary): string {
  const table = new Table({ colAligns: ['left', 'right'], style: { head: [], border: [] } });
  table.push(
    ['profile', summary.profile],
    ['rows', summary.rows],
    ['  accepted', summary.accepted],
    ['  left out', summary.leftOut],
    ...Object.entries(summary.leftOutBy).map(([reason, rows]) => [`    ${reason}`, rows]),
    ['  rejected', summary.rejected],
    [summary.dryRun ? 'records to create' : 'records created', summary.created],
    ['records unchanged', summary.unchanged],
    ['errors', summary.errorCount],
    ['warnings', summary.warningCount],
  );
  return summary.dryRun ? `${table.toString()}\nDry run: nothing was written.` : table.toString();
}

/** The first faults, and how many there are in all. */
export function findingsTable(findings: readonly RowFinding[], count: number): string {
  const table = new Table({
    head: ['row', 'column', 'code', 'message', 'value'],
    colAligns: ['right', 'left', 'left', 'left', 'left'],
    style: { head: [], border: [] },
  });
  for (const { row, column = '', code, message, value = '' } of findings) {
    table.push([row, column, code, clipped(message), clipped(value)]);
  }
  const more =
    count > findings.length ? `\n${count - findings.length} more; --errors FILE.csv lists all` : '';
  return `${table.toString()}${more}`;
}

/** On one line, without what would steer the terminal, and not longer than `widest`. */
export function clipped(text: string, widest = WIDEST): string {
  // Cells come from a stranger's file: no line ends or control sequences on the terminal.
  const line = text.replace(/[\p{Cc}\s]+/gu, ' ');
  return line.length > widest ? `${line.slice(0, widest - 1)}…` : line;
}
