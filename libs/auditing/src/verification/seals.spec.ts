import { describe, expect, it } from '@jest/globals';
import type { EventStore, StoredEvent } from '#event-sourcing';
import { ANNUAL_REPORT_STREAM_PREFIX } from '#reporting';
import { Chains } from './chains.js';
import { Faults } from './faults.js';
import { Seals } from './seals.js';

describe('Seals', () => {
  it('take in more streams than a call has room for arguments', async () => {
    const chains = new Chains(new Faults());
    for (let n = 0; n < 200_000; n++) {
      const event = { stream: `activity-${n}`, revision: 0n, type: 'ActivityLogged', position: BigInt(n) };
      chains.heads.set(event.stream, { hash: undefined, event, faulty: false });
    }
    // Nothing came after the edition's position, so the store is asked for nothing.
    const seals = new Seals({} as EventStore, chains);
    await seals.take({
      ...{ stream: `${ANNUAL_REPORT_STREAM_PREFIX}2024`, position: 200_000n },
      data: { edition: 1, asOf: { position: '200000' }, seal: { root: 'another' } },
    } as unknown as StoredEvent);
    expect(seals.editions).toEqual([{ year: 2024, edition: 1, position: 200_000n, root: 'differs' }]);
  });
});
