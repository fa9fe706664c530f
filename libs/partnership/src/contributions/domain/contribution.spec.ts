import { describe, expect, it } from '@jest/globals';
import { expectOutcome, newId, UNKNOWN, type Outcome } from '../../testing/decisions.js';
import { contributionCommandSchemas, type ContributionCommandType } from './commands.js';
import {
  CONTRIBUTION,
  contribution,
  ENDED,
  exampleData,
  fields,
  funding,
  OPEN,
  recorded,
  withdrawn,
} from './testing/examples.js';

const none = 'ContributionNotFound';
const gone = 'ContributionWithdrawn';
const sources: never[] = [];
const reason = 'misread';

/** What each command does to a contribution that is not there, recorded, or withdrawn. */
const table: Readonly<Record<ContributionCommandType, readonly [Outcome, Outcome, Outcome]>> = {
  record: [
    [{ type: 'ContributionRecorded', data: { ...fields, sources } }],
    'ContributionExists',
    'ContributionExists',
  ],
  amend: [none, [{ type: 'ContributionAmended', data: { changes: { title: 'Platoon' } } }], gone],
  withdraw: [none, [{ type: 'ContributionWithdrawn', data: { reason } }], gone],
  reinstate: [none, 'ContributionNotWithdrawn', [{ type: 'ContributionReinstated', data: { reason } }]],
  'add-segment': [
    none,
    [
      {
        type: 'SegmentAdded',
        data: { segmentId: newId(0), from: '2009-02', to: '2013', value: 90, sources },
      },
    ],
    gone,
  ],
  'correct-segment': [
    none,
    [{ type: 'SegmentCorrected', data: { segmentId: OPEN, from: '2014-01', value: 94, sources, reason } }],
    gone,
  ],
  'end-segment': [none, [{ type: 'SegmentEnded', data: { segmentId: OPEN, to: '2014-12' } }], gone],
  'withdraw-segment': [none, [{ type: 'SegmentWithdrawn', data: { segmentId: OPEN, reason } }], gone],
};
const histories = { none: [], recorded, withdrawn } as const;
const states = Object.keys(histories) as (keyof typeof histories)[];

describe('a contribution', () => {
  describe.each(Object.keys(contributionCommandSchemas) as ContributionCommandType[])('%s', (type) => {
    it.each(states)('of a contribution that is %s', (state) => {
      const decision = contribution.given(...histories[state]).when(type, exampleData[type]);
      expectOutcome(decision, table[type][states.indexOf(state)]!);
    });
  });

  it('records only what an amendment really changes', () => {
    expect(contribution.happens(recorded, 'amend', { title: null, sources })).toEqual([]);
    expect(contribution.happens(recorded, 'amend', { title: 'Guard', sources })).toMatchObject([
      { data: { changes: { title: 'Guard' } } },
    ]);
  });

  it('says what became of it to whoever records it again', () => {
    const message = (history: typeof recorded, end: string) =>
      expect(contribution.given(...history).when('record', fields)).toMatchObject({
        errors: [{ message: `the contribution ${CONTRIBUTION} is recorded already${end}` }],
      });
    message(recorded, '');
    message(withdrawn, ' and is withdrawn: reinstate it');
  });

  it('is again as it was when its withdrawal is taken back', () => {
    const reinstated = [...withdrawn, ...contribution.happens(withdrawn, 'reinstate', { reason })];
    expect(contribution.fold(reinstated)).toEqual(contribution.fold(recorded));
  });

  it('recorded with its segments is one whole', () => {
    const segments = [{ from: '2002-11', to: '2009-01', value: 22 }, { from: '2009-02' }];
    const events = contribution.happens([], 'record', { ...fields, segments });
    expect(events.map(({ type }) => type)).toEqual(['ContributionRecorded', 'SegmentAdded', 'SegmentAdded']);
    expect(contribution.fold(events)!.segments).toMatchObject([
      { segmentId: newId(0), value: 22 },
      { segmentId: newId(1) },
    ]);
  });

  it.each([
    [fields, []],
    [funding, []],
    [{ ...funding, basis: undefined }, []],
    [{ ...fields, kind: 'staff-officers' }, []],
    [{ ...fields, unit: 'EUR' }, ['/unit UnitNotPersons']],
    [{ ...funding, unit: 'eur' }, ['/unit UnitNotCurrency']],
    [{ ...funding, unit: 'persons' }, ['/unit UnitNotCurrency']],
    [{ ...fields, unit: 'platoons', basis: 'pledged' }, ['/unit UnitNotPersons', '/basis BasisNotOfFunding']],
  ])('%j counts in what its kind counts in: %j', (asked, faults) => {
    expect(contribution.broken([], 'record', asked)).toEqual(faults);
  });
});

describe('a segment', () => {
  it.each(['correct-segment', 'end-segment', 'withdraw-segment'] as const)(
    'is not there for %s when it is strange or withdrawn',
    (type) => {
      const strange = { ...exampleData[type], segmentId: UNKNOWN };
      expectOutcome(contribution.given(...recorded).when(type, strange), 'SegmentNotFound');
      const without = [
        ...recorded,
        ...contribution.happens(recorded, 'withdraw-segment', exampleData['withdraw-segment']),
      ];
      expectOutcome(contribution.given(...without).when(type, exampleData[type]), 'SegmentNotFound');
    },
  );

  it('ends once, and not before it begins', () => {
    const end = (segmentId: string, to: string) => ({ segmentId, to, reason });
    const { when } = contribution.given(...recorded);
    expectOutcome(when('end-segment', end(ENDED, '2008')), 'SegmentNotOpen');
    expect(contribution.broken(recorded, 'end-segment', end(OPEN, '2013-12'))).toEqual([
      '/to EndBeforeStart',
    ]);
    const ended = [...recorded, ...contribution.happens(recorded, 'end-segment', end(OPEN, '2014'))];
    expect(contribution.fold(ended)!.segments).toMatchObject([{ to: '2009-01' }, { to: '2014', value: 94 }]);
    expect(contribution.broken(ended, 'add-segment', { from: '2015' })).toEqual([]);
  });

  it('of funding is never open: what is paid is paid in its time', () => {
    const paid = contribution.happens([], 'record', {
      ...funding,
      segments: [{ from: '2015', value: 1_000_000 }],
    });
    const { when } = contribution.given(...paid);
    expectOutcome(when('end-segment', { segmentId: newId(0), to: '2016' }), 'SegmentNotOpen');
    expect(contribution.broken(paid, 'add-segment', { from: '2016' })).toEqual([]);
  });
});
