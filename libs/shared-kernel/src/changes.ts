type Fields = Readonly<Record<string, unknown>>;

/** Those of the wanted values that are not so already. Null takes a field back to "not recorded", undefined leaves it. */
export function realChanges<Changes extends object>(wanted: Changes, described: object): Changes {
  const known = described as Fields;
  const changes = Object.entries(wanted as Fields).filter(
    ([field, value]) => value !== undefined && !isSame(value ?? undefined, known[field]),
  );
  return Object.fromEntries(changes) as Changes;
}

/** What is described after the changes. */
export function amended<Description extends object>(described: Description, changes: object): Description {
  const kept = Object.entries({ ...described, ...changes }).filter(([, value]) => value !== null);
  return Object.fromEntries(kept) as Description;
}

/** Equal as JSON of one schema: a key without a value is no key, the order of keys means nothing. */
export function isSame(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) {
    return one === other;
  }
  const [left, right] = [one as Fields, other as Fields];
  return Object.keys({ ...left, ...right }).every((key) => isSame(left[key], right[key]));
}
