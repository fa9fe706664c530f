/** One fault of one row, or a repair worth a look. */
export interface RowFinding {
  /** Line of the file on which the record begins; the header is line 1. In a workbook: the row's number. */
  readonly row: number;
  /** Absent where the fault is not that of one column. */
  readonly column?: string;
  readonly code: string;
  readonly message: string;
  /** The cell as it stands in the file. */
  readonly value?: string;
}

/** accepted + leftOut + rejected = rows. */
export interface ImportSummary {
  readonly profile: string;
  readonly dryRun: boolean;
  /** False when nothing was written: a dry run, or an atomic import with a bad row. */
  readonly written: boolean;
  /** Records of the file, without header and blank lines. */
  readonly rows: number;
  /** Rows that are part of a record. */
  readonly accepted: number;
  /** Rows that are no record, as the profile says: sub-totals and the like. */
  readonly leftOut: number;
  readonly leftOutBy: Readonly<Record<string, number>>;
  readonly rejected: number;
  /** Records; in a dry run those that would be. */
  readonly created: number;
  /** Records that an earlier import had brought already. */
  readonly unchanged: number;
  readonly errorCount: number;
  readonly warningCount: number;
}

/** The file as a whole cannot be imported: nothing was read further, nothing written. */
export class UnreadableFile extends Error {
  override name = 'UnreadableFile';
  constructor(readonly faults: readonly RowFinding[]) {
    super(faults.map(({ row, message }) => `line ${row}: ${message}`).join('; '));
  }
}

export const unreadable = (row: number, code: string, message: string, column?: string): UnreadableFile =>
  new UnreadableFile([{ row, code, message, ...(column === undefined ? {} : { column }) }]);
