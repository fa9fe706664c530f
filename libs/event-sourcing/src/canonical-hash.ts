import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** SHA-256, in hex, of a JSON value's canonical form (RFC 8785): the same whatever the order of its keys. */
export function canonicalHash(value: object): string {
  return createHash('sha256').update(canonicalize(value)!).digest('hex');
}
