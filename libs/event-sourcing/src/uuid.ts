import { hash } from 'node:crypto';

/**
 * UUID of a name, version 5 (RFC 9562, 5.5): the same name in the same namespace gives the same one.
 * @param namespace a UUID
 */
export function uuidv5(name: string, namespace: string): string {
  const named = Buffer.from(namespace.replaceAll('-', '') + Buffer.from(name).toString('hex'), 'hex');
  const hex = hash('sha1', named, 'hex');
  const variant = ((parseInt(hex[16]!, 16) & 0b0011) | 0b1000).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
