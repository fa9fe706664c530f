import { describe, expect, it } from '@jest/globals';
import { EventRegistry } from '#event-sourcing';
import { contributionEventDefinitions } from './events.js';
import { OPEN } from './testing/examples.js';

const sources = [{ url: 'https://example.org/', note: 'page 3' }];
const reason = 'misread';
const segment = { segmentId: OPEN, from: '2002-11', to: '2009-01', value: 22, note: 'platoon', sources };

/** Data of each event as stored, in full and with no more than it must have. */
const examples: Readonly<Record<keyof typeof contributionEventDefinitions, readonly object[]>> = {
  ContributionRecorded: [
    { operation: 'Trust fund', kind: 'funding', unit: 'EUR', basis: 'paid', title: 'Army', sources },
    { operation: 'ISAF', kind: 'personnel', unit: 'persons', sources: [] },
  ],
  ContributionAmended: [{ changes: { title: 'Guard', sources } }, { changes: { title: null } }],
  ContributionWithdrawn: [{ reason }],
  ContributionReinstated: [{ reason }],
  SegmentAdded: [segment, { segmentId: OPEN, from: '2014', sources: [] }],
  SegmentCorrected: [{ ...segment, reason }],
  SegmentEnded: [
    { segmentId: OPEN, to: '2014-12', reason },
    { segmentId: OPEN, to: '2014-12' },
  ],
  SegmentWithdrawn: [{ segmentId: OPEN, reason }],
};

const registry = new EventRegistry(contributionEventDefinitions);

describe('the stored form', () => {
  it.each(Object.entries(examples))('of %s stays as it is', (type, stored) => {
    for (const data of stored) {
      expect(registry.validate({ type, data })).toEqual(data);
      expect({ type, version: registry.versionOf(type), data }).toMatchSnapshot();
    }
  });
});
