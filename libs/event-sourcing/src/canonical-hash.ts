import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** SHA-256, in hex, of a JSON value's canonical form (RFC 8785): the same whatever the order of its keys. */
export function canonicalHash(value: object): string {
  return sha256(canonicalize(value)!);
}

/** Of the text's UTF-8, in hex. */
export function sha256(text: string): string {
  return hash('sha256', text, 'hex');
}
