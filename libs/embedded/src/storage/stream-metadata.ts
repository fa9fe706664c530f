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
const LIMITS = ['$maxCount', '$maxAge', '$tb', '$cacheControl'] as const;

/** Name of the metadata stream of `stream`. */
export function metastreamOf(stream: string): string {
  return `$$${stream}`;
}

/** The stream that `stream` is the metadata stream of; undefined for any other. */
export function originalOf(stream: string): string | undefined {
  return stream.startsWith('$$') && !stream.startsWith('$$$$') ? stream.slice(2) : undefined;
}

/** What is written when a stream is deleted: 2^63 - 1 is no number of JavaScript. Nothing else of the metadata is kept. */
export const DELETION = Buffer.from('{"$tb":9223372036854775807}');

/** Reads the newest event of a metadata stream; one that is not JSON, or has a limit that is no integer, limits nothing. */
export function parseMetadata(data: Buffer | null | undefined): StreamMetadata {
  let raw: Record<string, unknown> = {};
  try {
    const parsed: unknown = data ? JSON.parse(data.toString()) : {};
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) raw = parsed as typeof raw;
  } catch {
    // Metadata that cannot be read limits nothing.
  }
  if (LIMITS.some((key) => raw[key] !== undefined && !Number.isInteger(raw[key]))) return { raw };
  const limit = (key: (typeof LIMITS)[number], least: number) => {
    const value = raw[key] as number | undefined;
    return value !== undefined && value >= least ? value : undefined;
  };
  return {
    raw,
    maxCount: limit('$maxCount', 1),
    maxAge: limit('$maxAge', 1),
    truncateBefore: limit('$tb', 0),
  };
}

export function isSoftDeleted({ truncateBefore = 0 }: StreamMetadata): boolean {
  return truncateBefore >= SOFT_DELETED;
}

/** The same metadata with another `$tb`, in its place or at the end. */
export function withTruncateBefore({ raw }: StreamMetadata, revision: number): Buffer {
  return Buffer.from(JSON.stringify({ ...raw, $tb: revision }));
}
