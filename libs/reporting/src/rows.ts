import { NOT_KNOWN, NOT_RECORDED } from './report.js';

/** What has no key comes last; the rest by code unit, the same on every machine. */
export function byKey(one: { readonly key: string }, other: { readonly key: string }): number {
  const rank = ({ key }: { readonly key: string }) => Number(key === NOT_RECORDED || key === NOT_KNOWN);
  return rank(one) - rank(other) || compare(one.key, other.key);
}

export const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
