import { describe, expect, it } from '@jest/globals';
import { expectOutcome, newId, UNKNOWN, type Outcome } from '../../testing/decisions.js';
import { goalCommandSchemas, type GoalCommandType } from './commands.js';
import { goalStatus, goalStatuses, type GoalStatus } from './goal.js';
import { exampleData, fields, FIRST, goal, historyOf, LAST, proposed } from './testing/examples.js';

type State = 'none' | GoalStatus;
type Row = Partial<Record<State, Outcome>> & { otherwise: Outcome };

const none = 'GoalNotFound';
const reason = 'misread';

/** What each command does in each state; `otherwise` in those not named. */
const table: Readonly<Record<GoalCommandType, Row>> = {
  propose: {
    none: [{ type: 'GoalProposed', data: { ...fields, sources: [] } }],
    otherwise: 'GoalExists',
  },
  amend: { none, otherwise: [{ type: 'GoalAmended', data: { changes: { title: 'Language courses' } } }] },
  assess: {
    none,
    transferred: 'GoalClosed',
    withdrawn: 'GoalClosed',
    otherwise: [
      {
        type: 'GoalAssessed',
        data: { assessmentId: newId(0), on: '2011', status: 'implemented', note: 'all of it' },
      },
    ],
  },
  'correct-assessment': {
    none,
    proposed: 'AssessmentNotFound',
    otherwise: [
      {
        type: 'AssessmentCorrected',
        data: { assessmentId: FIRST, on: '2009-06', status: 'in-progress', reason },
      },
    ],
  },
  'withdraw-assessment': {
    none,
    proposed: 'AssessmentNotFound',
    otherwise: [{ type: 'AssessmentWithdrawn', data: { assessmentId: FIRST, reason } }],
  },
};

describe('a goal', () => {
  describe.each(Object.keys(goalCommandSchemas) as GoalCommandType[])('%s', (type) => {
    it.each<State>(['none', ...goalStatuses])('of a goal that is %s', (state) => {
      const history = state === 'none' ? [] : historyOf[state];
      expectOutcome(
        goal.given(...history).when(type, exampleData[type]),
        table[type][state] ?? table[type].otherwise,
      );
    });
  });

  it.each(goalStatuses)('is %s after the history of that name', (status) => {
    expect(goalStatus(goal.fold(historyOf[status])!.assessments)).toBe(status);
  });

  it('records only what an amendment really changes', () => {
    expect(
      goal.happens(proposed, 'amend', { title: fields.title, cycleId: null, proposedOn: '2008' }),
    ).toEqual([]);
    expect(goal.happens(proposed, 'amend', { branch: 'land', proposedOn: null })).toMatchObject([
      { data: { changes: { branch: 'land', proposedOn: null } } },
    ]);
  });

  it.each([
    ['propose', [], { ...fields, proposedOn: '2026-07' }, ['/proposedOn ProposedInFuture']],
    ['amend', proposed, { proposedOn: '2027' }, ['/proposedOn ProposedInFuture']],
    ['assess', proposed, { on: '2026-06-16', status: 'accepted' }, ['/on AssessedInFuture']],
    ['assess', proposed, { on: '2026-06', status: 'accepted' }, []],
    [
      'correct-assessment',
      historyOf.accepted,
      { assessmentId: FIRST, on: '2030', status: 'accepted', reason },
      ['/on AssessedInFuture'],
    ],
  ] as const)('%s says nothing of what lies ahead', (type, history, data, faults) => {
    expect(goal.broken(history, type, data)).toEqual(faults);
  });
});

describe('the status of a goal', () => {
  it.each([
    [[], 'proposed'],
    [[{ on: '2012', status: 'implemented' }], 'implemented'],
    [
      [
        { on: '2012', status: 'implemented' },
        { on: '2011', status: 'accepted' },
      ],
      'implemented',
    ],
    // The year stands for its last day, which comes after every other day of it.
    [
      [
        { on: '2012', status: 'implemented' },
        { on: '2012-12-30', status: 'accepted' },
      ],
      'implemented',
    ],
    [
      [
        { on: '2012', status: 'implemented' },
        { on: '2012-12-31', status: 'accepted' },
      ],
      'accepted',
    ],
  ] as const)('after %j is %s', (assessments, status) => {
    expect(goalStatus(assessments)).toBe(status);
  });
});

describe('a closed goal', () => {
  it.each(['transferred', 'withdrawn'] as const)(
    'that is %s may still be assessed as of before',
    (status) => {
      const { when } = goal.given(...historyOf[status]);
      expect(when('assess', { on: '2009-12', status: 'in-progress' })).toHaveLength(1);
      expectOutcome(when('assess', { on: '2010', status: 'in-progress' }), 'GoalClosed');
      expectOutcome(when('assess', { on: '2010-12-31', status: 'withdrawn' }), 'GoalClosed');
    },
  );

  it('opens again when what closed it is corrected or withdrawn', () => {
    for (const [type, data] of [
      ['correct-assessment', { assessmentId: LAST, on: '2010', status: 'in-progress', reason }],
      ['withdraw-assessment', { assessmentId: LAST, reason }],
    ] as const) {
      const opened = [...historyOf.withdrawn, ...goal.happens(historyOf.withdrawn, type, data)];
      expect(goal.happens(opened, 'assess', exampleData.assess)).toHaveLength(1);
    }
  });

  it('was not assessed later', () => {
    expect(goal.broken(historyOf.implemented, 'assess', { on: '2009', status: 'transferred' })).toEqual([
      '/on AssessedLater',
    ]);
    expect(goal.broken(historyOf.implemented, 'assess', { on: '2010', status: 'transferred' })).toEqual([]);
  });
});

describe('an assessment', () => {
  it.each(['correct-assessment', 'withdraw-assessment'] as const)(
    'is not there for %s when it is strange or withdrawn',
    (type) => {
      const history = historyOf.implemented;
      expectOutcome(
        goal.given(...history).when(type, { ...exampleData[type], assessmentId: UNKNOWN }),
        'AssessmentNotFound',
      );
      const without = [
        ...history,
        ...goal.happens(history, 'withdraw-assessment', exampleData['withdraw-assessment']),
      ];
      expectOutcome(goal.given(...without).when(type, exampleData[type]), 'AssessmentNotFound');
    },
  );
});
