import { decisionsOf } from '../../../testing/decisions.js';
import { contributionCommandSchemas, type ContributionCommandType } from '../commands.js';
import { contributionDecider } from '../decide.js';
import type { ContributionEvent } from '../events.js';

export const CONTRIBUTION = '00000000-0000-4000-8000-000000000001';
/** Segments that the histories bring along: 2002-11 to 2009-01, and 2014 onwards. */
export const ENDED = '00000000-0000-4000-8000-0000000000a1';
export const OPEN = '00000000-0000-4000-8000-0000000000a2';

export const contribution = decisionsOf(contributionDecider, contributionCommandSchemas, CONTRIBUTION);

export const fields = { operation: 'ISAF', kind: 'personnel', unit: 'persons' } as const;
export const funding = { operation: 'ANA trust fund', kind: 'funding', unit: 'EUR', basis: 'paid' } as const;
const reason = 'misread';

/** Data with which each command is taken, where the state allows it. */
export const exampleData: Readonly<Record<ContributionCommandType, object>> = {
  record: fields,
  amend: { title: 'Platoon' },
  withdraw: { reason },
  reinstate: { reason },
  'add-segment': { from: '2009-02', to: '2013', value: 90 },
  'correct-segment': { segmentId: OPEN, from: '2014-01', value: 94, reason },
  'end-segment': { segmentId: OPEN, to: '2014-12' },
  'withdraw-segment': { segmentId: OPEN, reason },
};

export const recorded: readonly ContributionEvent[] = [
  { type: 'ContributionRecorded', data: { ...fields, sources: [] } },
  {
    type: 'SegmentAdded',
    data: { segmentId: ENDED, from: '2002-11', to: '2009-01', value: 22, sources: [] },
  },
  { type: 'SegmentAdded', data: { segmentId: OPEN, from: '2014', value: 94, sources: [] } },
];
export const withdrawn: readonly ContributionEvent[] = [
  ...recorded,
  { type: 'ContributionWithdrawn', data: { reason } },
];
