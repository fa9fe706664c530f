export type Data = Readonly<Record<string, unknown>>;

/** What one good line says of its record. */
export interface Line {
  readonly row: number;
  readonly status: string;
  /** Fields of the record, and its parts in their arrays, as far as the line gives them. */
  readonly data: Data;
  readonly cancel: Data;
  /** Equal for lines that say the same, whatever their numbers. */
  readonly fingerprint: string;
}

/** A line as it is kept between reading and writing: a faulty one only counts against its record. */
export type SpooledLine = Line | { readonly row: number; readonly faulty: true };
