/** A record of the file: `line` is where it begins, `cells` are as they stand there. */
export interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

export type Bytes = AsyncIterable<Uint8Array>;

export const isBlank = (row: Row): boolean => row.cells.every((cell) => cell.trim() === '');
