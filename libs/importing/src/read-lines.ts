import type { Findings } from './findings.js';
import type { ImportOptions } from './import-records.js';
import type { SpooledLine } from './map/line.js';
import { rowMapper } from './map/map-row.js';
import { readHeader } from './read/header.js';
import { readCsv } from './read/read-csv.js';
import { readXlsx } from './read/read-xlsx.js';
import type { RowFinding } from './report.js';
import type { SortedSpool } from './sorted-spool.js';

/** Reads, cleans and maps the rows: what they say of their records goes to `lines`, what is wrong with them to `findings`. */
export async function readLines(
  { file, format, profile, onProgress, signal }: ImportOptions,
  lines: SortedSpool<SpooledLine>,
  findings: Findings,
) {
  const records = format === 'xlsx' ? readXlsx(file) : readCsv(file, profile.delimiter);
  const header = await records.next();
  const columns = readHeader(header.done ? undefined : header.value, profile);
  const mapper = rowMapper(profile, columns);
  const leftOutBy: Record<string, number> = {};
  let rows = 0;
  let leftOut = 0;
  for await (const row of records) {
    signal?.throwIfAborted();
    rows++;
    if (rows % 1000 === 0) onProgress?.({ phase: 'reading', rows });
    const mapped = mapper.map(row);
    if ('leftOut' in mapped) {
      leftOut++;
      leftOutBy[mapped.leftOut] = (leftOutBy[mapped.leftOut] ?? 0) + 1;
      continue;
    }
    const { key, line, faults, warnings } = mapped;
    const told = (finding: { column?: string }): RowFinding => {
      const value = finding.column === undefined ? undefined : row.cells[columns.indexOf(finding.column)];
      return {
        row: row.line,
        ...(finding as Omit<RowFinding, 'row'>),
        ...(value === undefined ? {} : { value }),
      };
    };
    for (const fault of faults) await findings.error(told(fault));
    for (const warning of warnings) await findings.warning(told(warning));
    await lines.add(`${key}\t${String(row.line).padStart(12, '0')}`, line ?? { row: row.line, faulty: true });
  }
  return { mapper, counts: { rows, leftOut, leftOutBy } };
}
