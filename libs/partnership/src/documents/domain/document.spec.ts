import { describe, expect, it } from '@jest/globals';
import { expectOutcome, newId, UNKNOWN, type Outcome } from '../../testing/decisions.js';
import { documentCommandSchemas, type DocumentCommandType } from './commands.js';
import { documentStatus } from './document.js';
import type { CycleStatus } from './fields.js';
import {
  CYCLES,
  DOCUMENT,
  document,
  exampleData,
  fields,
  MILESTONE,
  recorded,
  withdrawn,
} from './testing/examples.js';

const none = 'DocumentNotFound';
const gone = 'DocumentWithdrawn';
const sources: never[] = [];
const reason = 'misread';

/** What each command does to a document that is not there, recorded, or withdrawn. */
const table: Readonly<Record<DocumentCommandType, readonly [Outcome, Outcome, Outcome]>> = {
  record: [[{ type: 'DocumentRecorded', data: { ...fields, sources } }], 'DocumentExists', 'DocumentExists'],
  amend: [none, [{ type: 'DocumentAmended', data: { changes: { title: 'Action Plan' } } }], gone],
  withdraw: [none, [{ type: 'DocumentWithdrawn', data: { reason } }], gone],
  reinstate: [none, 'DocumentNotWithdrawn', [{ type: 'DocumentReinstated', data: { reason } }]],
  'reach-milestone': [
    none,
    [
      {
        type: 'MilestoneReached',
        data: { milestoneId: newId(0), milestone: 'agreed', on: '2005-05-27', sources },
      },
    ],
    gone,
  ],
  'correct-milestone': [
    none,
    [
      {
        type: 'MilestoneCorrected',
        data: { milestoneId: MILESTONE, milestone: 'presented', on: '2004-06', sources, reason },
      },
    ],
    gone,
  ],
  'withdraw-milestone': [
    none,
    [{ type: 'MilestoneWithdrawn', data: { milestoneId: MILESTONE, reason } }],
    gone,
  ],
  'open-cycle': [
    none,
    [
      {
        type: 'CycleOpened',
        data: { cycleId: newId(0), from: '2020', to: '2021', status: 'planned', sources },
      },
    ],
    gone,
  ],
  'activate-cycle': [none, [{ type: 'CycleActivated', data: { cycleId: CYCLES.planned } }], gone],
  'complete-cycle': [none, [{ type: 'CycleCompleted', data: { cycleId: CYCLES.active } }], gone],
  'extend-cycle': [
    none,
    [{ type: 'CycleExtended', data: { cycleId: CYCLES.planned, to: '2018', reason } }],
    gone,
  ],
  'correct-cycle': [
    none,
    [
      {
        type: 'CycleCorrected',
        data: {
          cycleId: CYCLES.planned,
          from: '2012',
          to: '2013',
          agreedOn: '2011-12',
          sources,
          reason,
        },
      },
    ],
    gone,
  ],
  'withdraw-cycle': [none, [{ type: 'CycleWithdrawn', data: { cycleId: CYCLES.planned, reason } }], gone],
};
const histories = { none: [], recorded, withdrawn } as const;
const states = Object.keys(histories) as (keyof typeof histories)[];

describe('a document', () => {
  describe.each(Object.keys(documentCommandSchemas) as DocumentCommandType[])('%s', (type) => {
    it.each(states)('of a document that is %s', (state) => {
      const decision = document.given(...histories[state]).when(type, exampleData[type]);
      expectOutcome(decision, table[type][states.indexOf(state)]!);
    });
  });

  it('records only what an amendment really changes', () => {
    expect(document.happens(recorded, 'amend', { title: fields.title, summary: null, sources })).toEqual([]);
    expect(document.happens(recorded, 'amend', { type: 'itpp', title: fields.title })).toMatchObject([
      { data: { changes: { type: 'itpp' } } },
    ]);
  });

  it.each([
    ['only just recorded', recorded.slice(0, 1), ''],
    ['presented', recorded, ' and is presented'],
    ['withdrawn', withdrawn, ' and is withdrawn: reinstate it'],
  ])('that is %s says what became of it to whoever records it again', (_, history, state) => {
    expect(document.given(...history).when('record', fields)).toMatchObject({
      errors: [{ message: `the document ${DOCUMENT} is recorded already${state}` }],
    });
  });

  it('is again as it was when its withdrawal is taken back', () => {
    const reinstated = [...withdrawn, ...document.happens(withdrawn, 'reinstate', { reason })];
    expect(document.fold(reinstated)).toEqual(document.fold(recorded));
  });

  it('is at the last of its milestones, in their order', () => {
    expect(documentStatus(false, [])).toBe('recorded');
    expect(documentStatus(false, ['in-force', 'agreed'])).toBe('in-force');
    expect(documentStatus(true, ['in-force'])).toBe('withdrawn');
  });
});

describe('a cycle', () => {
  const cycleStates = ['planned', 'active', 'completed'] as const;
  it.each<[DocumentCommandType, Readonly<Record<CycleStatus, string>>]>([
    ['activate-cycle', { planned: 'taken', active: 'CycleNotPlanned', completed: 'CycleNotPlanned' }],
    ['complete-cycle', { planned: 'CycleNotActive', active: 'taken', completed: 'CycleNotActive' }],
    ['extend-cycle', { planned: 'taken', active: 'taken', completed: 'CycleCompleted' }],
    ['correct-cycle', { planned: 'taken', active: 'taken', completed: 'taken' }],
    ['withdraw-cycle', { planned: 'taken', active: 'taken', completed: 'taken' }],
  ])('%s in each state: %j', (type, expected) => {
    for (const status of cycleStates) {
      const to = { planned: '2018', active: '2011', completed: '2008' }[status];
      const free = type === 'correct-cycle' ? { from: '2012', to: '2013' } : { to };
      const data =
        type === 'extend-cycle' || type === 'correct-cycle'
          ? { ...exampleData[type], ...free }
          : exampleData[type];
      const decision = document.given(...recorded).when(type, { ...data, cycleId: CYCLES[status] });
      if (expected[status] === 'taken') expect(decision).toHaveLength(1);
      else expectOutcome(decision, expected[status]);
    }
  });

  it('goes from planned to active to completed, and keeps its status when corrected', () => {
    const statusAfter = (...types: DocumentCommandType[]) => {
      const history = types.reduce(
        (so, type) => [
          ...so,
          ...document.happens(so, type, { ...exampleData[type], cycleId: CYCLES.planned }),
        ],
        recorded,
      );
      return document.fold(history)!.cycles.find(({ cycleId }) => cycleId === CYCLES.planned)?.status;
    };
    expect(statusAfter('activate-cycle')).toBe('active');
    expect(statusAfter('activate-cycle', 'complete-cycle')).toBe('completed');
    expect(statusAfter('activate-cycle', 'correct-cycle')).toBe('active');
    expect(statusAfter('withdraw-cycle')).toBeUndefined();
  });
});

describe('parts', () => {
  it.each([
    ['correct-milestone', 'milestoneId', 'MilestoneNotFound'],
    ['withdraw-milestone', 'milestoneId', 'MilestoneNotFound'],
    ['activate-cycle', 'cycleId', 'CycleNotFound'],
    ['complete-cycle', 'cycleId', 'CycleNotFound'],
    ['extend-cycle', 'cycleId', 'CycleNotFound'],
    ['correct-cycle', 'cycleId', 'CycleNotFound'],
    ['withdraw-cycle', 'cycleId', 'CycleNotFound'],
  ] as const)('%s knows neither a strange %s nor a withdrawn one', (type, field, code) => {
    expectOutcome(document.given(...recorded).when(type, { ...exampleData[type], [field]: UNKNOWN }), code);
    const withdraw = field === 'cycleId' ? 'withdraw-cycle' : 'withdraw-milestone';
    const without = [...recorded, ...document.happens(recorded, withdraw, exampleData[withdraw])];
    const [id] = field === 'cycleId' ? [CYCLES.planned] : [MILESTONE];
    expectOutcome(document.given(...without).when(type, { ...exampleData[type], [field]: id }), code);
  });

  it('recorded with the document can be corrected later', () => {
    const events = document.happens([], 'record', {
      ...fields,
      milestones: [{ milestone: 'presented' }, { milestone: 'agreed', on: '2005' }],
      cycles: [
        { from: '2005', to: '2007', status: 'completed' },
        { from: '2008', to: '2010' },
      ],
    });
    expect(events.map(({ type }) => type)).toEqual([
      'DocumentRecorded',
      'MilestoneReached',
      'MilestoneReached',
      'CycleOpened',
      'CycleOpened',
    ]);
    expect(document.fold(events)).toMatchObject({
      milestones: [{ milestoneId: newId(0) }, { milestoneId: newId(1) }],
      cycles: [
        { cycleId: newId(2), status: 'completed' },
        { cycleId: newId(3), status: 'planned' },
      ],
    });
  });
});
