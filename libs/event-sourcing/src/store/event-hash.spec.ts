import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isAuthentic, sealed, type HashedEvent } from './event-hash.js';

const event: HashedEvent = {
  stream: 'ledger-1',
  revision: 3n,
  id: '6f1f5d6a-0000-4000-8000-000000000000',
  type: 'Added',
  data: { text: 'é 🙂', amount: 1.5, nested: { b: [1, { d: null, c: true }], a: '' } },
  metadata: { previousHash: 'ab', actor: { roles: [], id: 'staff-1' } },
};
/** As it comes back from a store. */
const stored = (written: HashedEvent): HashedEvent => {
  const { data, metadata } = sealed(written);
  return { ...written, data: JSON.parse(data) as object, metadata: JSON.parse(metadata) as object };
};
const read = stored(event);

describe('the hash of an event', () => {
  it('is that of its content, whatever the order its keys come back in, and whatever a copy adds', () => {
    expect(isAuthentic(read)).toBe(true);
    const turned = Object.fromEntries(Object.entries(read.data as object).reverse());
    expect(isAuthentic({ ...read, data: turned })).toBe(true);
    expect(isAuthentic({ ...read, metadata: { ...read.metadata, originalCreated: 'x' } })).toBe(true);
  });

  it('fits the letters that are stored, also those of a copy, and none that were changed', () => {
    const text = { data: JSON.stringify(read.data), metadata: JSON.stringify(read.metadata) };
    // What the letters say is enough: nothing parsed is looked at.
    const asRead = (changed: Partial<typeof text>) =>
      isAuthentic({ ...read, data: undefined, metadata: { hash }, text: { ...text, ...changed } });
    const { hash } = read.metadata as { hash: string };
    expect(asRead({})).toBe(true);
    expect(asRead({ metadata: text.metadata.replace(/\}$/, ',"originalCreated":"x"}') })).toBe(true);
    for (const changed of [
      { data: text.data.replace('1.5', '1.6') },
      { data: ` ${text.data}` },
      { metadata: text.metadata.replace('staff-1', 'staff-2') },
      { metadata: text.metadata.replace(/\}$/, ',"extra":"x"}') },
      { metadata: text.metadata.replace(hash, hash.replace(/^./, 'x')) },
    ])
      expect(asRead(changed)).toBe(false);
  });

  it('is the same for the same content for good', () => {
    expect((read.metadata as { hash: string }).hash).toMatchInlineSnapshot(
      `"17326a653e972f7876e0dd2c89636b9e74d7a6e0c14f2128b166facfd913f053"`,
    );
  });

  it('does not fit anything else', () => {
    const others: Partial<HashedEvent>[] = [
      { stream: 'ledger-2' },
      { revision: 4n },
      { id: '6f1f5d6a-0000-4000-8000-000000000001' },
      { type: 'added' },
      { data: { ...(read.data as object), amount: 1.6 } },
      { metadata: { ...read.metadata, previousHash: 'ac' } },
      { metadata: { ...read.metadata, extra: 1 } },
      { metadata: { ...read.metadata, hash: '00' } },
    ];
    for (const other of others) expect(isAuthentic({ ...read, ...other })).toBe(false);
  });

  it('is missing from an event that was written elsewhere', () => {
    const { hash: _, ...metadata } = read.metadata as { hash: string };
    expect(isAuthentic({ ...read, metadata })).toBeUndefined();
  });

  it('fits any JSON that went through a store', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue()), (data) => {
        const wrote = { ...event, data };
        expect(isAuthentic(stored(wrote))).toBe(true);
      }),
    );
  });
});
