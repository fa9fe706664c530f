import { hash } from 'node:crypto';
import { configure } from 'safe-stable-stringify';

/**
 * A value's canonical JSON (RFC 8785), if its text is well-formed Unicode, as the schemas have it: keys in order, no space.
 * @throws Error for what JSON cannot say, such as NaN, and for what contains itself
 */
export const canonicalJson: (value: unknown) => string | undefined = configure({ strict: true });

/** SHA-256, in hex, of a JSON value's canonical form (RFC 8785): the same whatever the order of its keys. */
export function canonicalHash(value: object): string {
  return sha256(canonicalJson(value)!);
}

/** Of the text's UTF-8, in hex. */
export function sha256(text: string): string {
  return hash('sha256', text, 'hex');
}
