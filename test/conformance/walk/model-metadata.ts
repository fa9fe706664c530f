/** What a metadata event holds, under the protocol's own names. */
export type Metadata = Readonly<Record<string, unknown>>;

export const METADATA_TYPE = '$metadata';

/** `$tb` of a deleted stream: 2^63 - 1, as a number. */
export const DELETED = 2 ** 63;

export function metastreamOf(stream: string): string {
  return `$$${stream}`;
}

/** The stream that a metadata stream belongs to; undefined for any other. */
export function originalOf(stream: string): string | undefined {
  return stream.startsWith('$$') ? stream.slice(2) : undefined;
}

/** Nothing is limited when a limit is no integer; 0 is none. Ages are left out: the walk has none that comes to pass. */
export function limitsOf(metadata: Metadata): { truncateBefore: number; maxCount: number } {
  const { $maxCount, $maxAge, $tb, $cacheControl } = metadata;
  const limits = [$maxCount, $maxAge, $tb, $cacheControl].filter((limit) => limit !== undefined);
  if (!limits.every(Number.isInteger)) return { truncateBefore: 0, maxCount: Infinity };
  return { truncateBefore: ($tb ?? 0) as number, maxCount: ($maxCount as number) || Infinity };
}
