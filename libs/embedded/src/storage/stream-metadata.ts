/** What a metadata stream says about its stream; `raw` keeps the rest ($acl, $cacheControl, the user's own). */
export interface StreamMetadata {
  readonly maxCount?: number;
  /** Seconds. */
  readonly maxAge?: number;
  /** First revision that still counts; SOFT_DELETED hides the stream. */
  readonly truncateBefore?: number;
  readonly raw: Readonly<Record<string, unknown>>;
}

export const METADATA_TYPE = '$metadata';
const SOFT_DELETED = 2 ** 63;

/** Name of the metadata stream of `stream`. */
export function metastreamOf(stream: string): string {
  return `$$${stream}`;
}

/** The stream that `stream` is the metadata stream of; undefined for any other. */
export function originalOf(stream: string): string | undefined {
  return stream.startsWith('$$') && !stream.startsWith('$$$$') ? stream.slice(2) : undefined;
}

/** Reads the newest event of a metadata stream; what is not JSON or of the wrong type does not count. */
export function parseMetadata(data: Buffer | null | undefined): StreamMetadata {
  let raw: Record<string, unknown> = {};
  try {
    const parsed: unknown = data ? JSON.parse(data.toString()) : {};
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) raw = parsed as typeof raw;
  } catch {
    // Metadata that cannot be read limits nothing.
  }
  const number = (key: string) => (typeof raw[key] === 'number' && raw[key] >= 0 ? raw[key] : undefined);
  return { raw, maxCount: number('$maxCount'), maxAge: number('$maxAge'), truncateBefore: number('$tb') };
}

export function isSoftDeleted({ truncateBefore = 0 }: StreamMetadata): boolean {
  return truncateBefore >= SOFT_DELETED;
}

/** The same metadata with another `$tb`; without `revision`: soft-deleted. */
export function withTruncateBefore({ raw }: StreamMetadata, revision?: number): Buffer {
  // 2^63 - 1 is no number of JavaScript, so the digits are put in by hand.
  const { $tb: _, ...rest } = raw;
  const others = JSON.stringify(rest).slice(1, -1);
  return Buffer.from(`{"$tb":${revision ?? '9223372036854775807'}${others ? `,${others}` : ''}}`);
}
