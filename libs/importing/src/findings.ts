import type { ImportOptions } from './import-records.js';
import type { RowFinding } from './report.js';
import { SortedSpool } from './sorted-spool.js';

interface Found {
  readonly level: 'error' | 'warning';
  readonly finding: RowFinding;
}

/** Faults and warnings in whatever order and number they are found, told by row at the end, each once. */
export class Findings {
  private readonly spool = new SortedSpool<Found>();
  private errors = 0;
  private warnings = 0;

  error(finding: RowFinding): Promise<void> {
    return this.spool.add(keyOf(finding, 'error'), { level: 'error', finding });
  }

  warning(finding: RowFinding): Promise<void> {
    return this.spool.add(keyOf(finding, 'warning'), { level: 'warning', finding });
  }

  async report({ onError, onWarning }: Pick<ImportOptions, 'onError' | 'onWarning'>): Promise<void> {
    let last: string | undefined;
    for await (const { key, item } of this.spool.sorted()) {
      // A second pass finds again what the first found.
      if (key === last) continue;
      last = key;
      if (item.level === 'error') {
        this.errors++;
        await onError?.(item.finding);
      } else {
        this.warnings++;
        await onWarning?.(item.finding);
      }
    }
  }

  counts() {
    return { errorCount: this.errors, warningCount: this.warnings };
  }

  close(): Promise<void> {
    return this.spool.close();
  }
}

function keyOf({ row, column = '', code, message }: RowFinding, level: string): string {
  return JSON.stringify([String(row).padStart(12, '0'), level, column, code, message]);
}
