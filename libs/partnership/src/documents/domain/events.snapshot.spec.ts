import { describe, expect, it } from '@jest/globals';
import { EventRegistry } from '#event-sourcing';
import { documentEventDefinitions } from './events.js';
import { CYCLES, MILESTONE } from './testing/examples.js';

const sources = [{ url: 'https://example.org/', note: 'page 3' }];
const reason = 'misread';
const CYCLE = CYCLES.planned;
const fields = { type: 'ipap', title: 'Action Plan', reference: 'EAPC(1)', summary: 'Long.', sources };
const milestone = {
  milestoneId: MILESTONE,
  milestone: 'agreed',
  on: '2005-05',
  note: 'in Brussels',
  sources,
};
const cycle = {
  cycleId: CYCLE,
  title: 'First',
  from: '2005',
  to: '2007-06',
  agreedOn: '2004-12-01',
  note: 'late',
  sources,
};

/** Data of each event as stored, in full and with no more than it must have. */
const examples: Readonly<Record<keyof typeof documentEventDefinitions, readonly object[]>> = {
  DocumentRecorded: [fields, { type: 'other', title: 'Letter', sources: [] }],
  DocumentAmended: [
    { changes: { type: 'itpp', title: 'Programme', summary: 'Short.', sources } },
    { changes: { summary: null } },
  ],
  DocumentWithdrawn: [{ reason }],
  DocumentReinstated: [{ reason }],
  MilestoneReached: [milestone, { milestoneId: MILESTONE, milestone: 'drafted', sources: [] }],
  MilestoneCorrected: [{ ...milestone, reason }],
  MilestoneWithdrawn: [{ milestoneId: MILESTONE, reason }],
  CycleOpened: [
    { ...cycle, status: 'completed' },
    { cycleId: CYCLE, from: '2005', to: '2007', status: 'planned', sources: [] },
  ],
  CycleActivated: [{ cycleId: CYCLE }],
  CycleCompleted: [{ cycleId: CYCLE }],
  CycleExtended: [{ cycleId: CYCLE, to: '2008', reason }],
  CycleCorrected: [{ ...cycle, reason }],
  CycleWithdrawn: [{ cycleId: CYCLE, reason }],
};

const registry = new EventRegistry(documentEventDefinitions);

describe('the stored form', () => {
  it.each(Object.entries(examples))('of %s stays as it is', (type, stored) => {
    for (const data of stored) {
      expect(registry.validate({ type, data })).toEqual(data);
      expect({ type, version: registry.versionOf(type), data }).toMatchSnapshot();
    }
  });
});
