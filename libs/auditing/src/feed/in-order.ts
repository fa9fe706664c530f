/** Does `work` for every item, up to `ahead` at once, and gives the results in the items' order. Nothing more is begun once the consumer stops. */
export async function* inOrder<Item, Result>(
  items: Iterable<Item>,
  ahead: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const begun: Promise<Result>[] = [];
  for (const item of items) {
    const result = work(item);
    // Awaited in its turn; until then, or when nobody comes for it, its failure is not unhandled.
    result.catch(() => undefined);
    begun.push(result);
    if (begun.length >= ahead) yield await begun.shift()!;
  }
  while (begun.length > 0) yield await begun.shift()!;
}
