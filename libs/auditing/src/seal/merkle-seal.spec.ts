import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { StoredEvent } from '#event-sourcing';
import { random } from '#testing';
import { startAuditing, type Auditing } from '../testing/auditing.js';
import { leaf } from './merkle-root-at.js';
import { MerkleSeal } from './merkle-seal.js';
import { MerkleTree } from './merkle-tree.js';

describe('MerkleSeal', () => {
  let audit: Auditing;
  let stored: StoredEvent[];

  beforeAll(async () => {
    audit = await startAuditing();
    await audit.recordHistory(6, 5);
    // Names whose order depends on who sorts them, and an event without a hash.
    for (const name of ['Zebra', 'apple', 'ähre', '_', 'a b', '😀', '\uff5e'])
      await audit.append(`activity-${name}`, { type: 'Named', data: {} });
    await audit.recordHistory(7, 1);
    stored = await audit.stored();
  });
  afterAll(() => audit?.stop());

  /** From the events themselves. */
  function expected(position: bigint) {
    const heads = new Map<string, StoredEvent>();
    for (const event of stored) if (event.position <= position) heads.set(event.stream, event);
    const names = [...heads.keys()].sort((one, other) =>
      Buffer.compare(Buffer.from(one), Buffer.from(other)),
    );
    const tree = new MerkleTree();
    for (const name of names) {
      const { revision, metadata } = heads.get(name)!;
      tree.add(leaf(name, revision, metadata.hash ?? null));
    }
    return { root: tree.root(), streams: names.length };
  }

  it('covers the newest event of every stream, as they stood at any position', async () => {
    const seal = audit.app.get(MerkleSeal);
    const next = random(3);
    for (let turn = 0; turn < 20; turn++) {
      const { position } = stored[next(stored.length)]!;
      expect(await seal.seal(position)).toEqual(expected(position));
    }
    const last = stored.at(-1)!.position;
    expect(await seal.seal(last)).toEqual(expected(last));
    expect((await seal.seal(-1n)).streams).toBe(0);
  });

  it('says the same after more is recorded, and when the index is made anew', async () => {
    const { position } = stored.at(-1)!;
    const before = await audit.app.get(MerkleSeal).seal(position);
    await audit.recordHistory(8, 1);
    await audit.projected();
    expect(await audit.app.get(MerkleSeal).seal(position)).toEqual(before);
    await audit.rebuild(7);
    await audit.projected();
    expect(await audit.app.get(MerkleSeal).seal(position)).toEqual(before);
  });

  it('seals nothing that the index has not reached', async () => {
    await audit.stopProjectors();
    await audit.recordHistory(9, 1);
    const { position } = (await audit.stored()).at(-1)!;
    await expect(audit.app.get(MerkleSeal).seal(position)).rejects.toMatchObject({ code: 'NotCaughtUp' });
    audit.startProjectors();
  });
});
