/** Whether a stream is one of those whose names begin so. */
export function beginsWithOne(stream: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => stream.startsWith(prefix));
}
