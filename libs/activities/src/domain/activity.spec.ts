import { describe, expect, it } from '@jest/globals';
import { activityStatuses, type ActivityFact, type ActivityStatus } from './activity.js';
import { activityCommandSchemas, type ActivityCommandType } from './commands.js';
import type { ActivityEvent } from './events.js';
import type { ActivityFields } from './fields.js';
import {
  ACTIVITY,
  COST,
  example,
  fold,
  given,
  historyOf,
  newId,
  NOMINATION,
  OTHER,
  PARTICIPATION,
} from './testing/examples.js';

type State = 'none' | ActivityStatus;
type Row = Partial<Record<State, readonly ActivityEvent[] | string>> & { otherwise: string };

const described: ActivityFields = {
  title: 'Winter course',
  kind: 'course',
  programme: 'ipcp',
  role: 'participant',
  startsOn: '2026-05-11',
  endsOn: '2026-05-15',
  goalIds: [],
  sources: [],
};
const dates = { startsOn: '2026-05-11', endsOn: '2026-05-15' };

/** The same events in each of the states. */
const inEach = (states: readonly ActivityStatus[], ...events: ActivityEvent[]) =>
  Object.fromEntries(states.map((status) => [status, events]));
const except = (...left: ActivityStatus[]) => activityStatuses.filter((status) => !left.includes(status));
const none = 'ActivityNotFound';

/** domain.md, table "Activity": what each command does in each state; `otherwise` is the refusal in the states not named. */
const table: Readonly<Record<ActivityCommandType, Row>> = {
  plan: { none: [{ type: 'ActivityPlanned', data: described }], otherwise: 'ActivityExists' },
  log: {
    none: [{ type: 'ActivityLogged', data: { ...described, held: dates } }],
    otherwise: 'ActivityExists',
  },
  approve: { none, proposed: [{ type: 'ActivityApproved', data: {} }], otherwise: 'ActivityNotProposed' },
  reject: {
    none,
    proposed: [{ type: 'ActivityRejected', data: { reason: 'no places' } }],
    otherwise: 'ActivityNotProposed',
  },
  amend: {
    none,
    ...inEach(except('rejected', 'duplicate'), {
      type: 'ActivityAmended',
      data: { changes: { title: 'Summer course' } },
    }),
    otherwise: 'ActivityOutOfCount',
  },
  reschedule: {
    none,
    ...inEach(['proposed', 'approved', 'postponed'], {
      type: 'ActivityRescheduled',
      data: { startsOn: '2026-06-01', endsOn: '2026-06-05', reason: 'hall not free' },
    }),
    otherwise: 'ActivityNotAhead',
  },
  postpone: {
    none,
    ...inEach(['proposed', 'approved'], { type: 'ActivityPostponed', data: { reason: 'hall not free' } }),
    otherwise: 'ActivityNotScheduled',
  },
  cancel: {
    none,
    ...inEach(['proposed', 'approved', 'postponed'], {
      type: 'ActivityCancelled',
      data: { reasonCode: 'host', note: 'host withdrew' },
    }),
    otherwise: 'ActivityNotAhead',
  },
  reinstate: {
    none,
    ...inEach(['cancelled', 'rejected', 'duplicate'], {
      type: 'ActivityReinstated',
      data: { reason: 'host found money' },
    }),
    otherwise: 'ActivityNotCalledOff',
  },
  nominate: {
    none,
    ...inEach(['proposed', 'approved'], {
      type: 'ParticipantsNominated',
      data: { nominationId: newId(0), institution: 'Academy', country: 'AZ', count: 3 },
    }),
    otherwise: 'ActivityNotScheduled',
  },
  'withdraw-nomination': {
    none,
    ...inEach(['proposed', 'approved'], { type: 'NominationWithdrawn', data: { nominationId: NOMINATION } }),
    otherwise: 'ActivityNotScheduled',
  },
  hold: { none, approved: [{ type: 'ActivityHeld', data: dates }], otherwise: 'ActivityNotApproved' },
  'record-participation': {
    none,
    held: [
      {
        type: 'ParticipationRecorded',
        data: {
          participationId: newId(0),
          country: 'AZ',
          institution: 'Academy',
          total: 5,
          military: 3,
          civilian: 2,
        },
      },
    ],
    otherwise: 'ActivityNotHeld',
  },
  'correct-participation': {
    none,
    held: [
      {
        type: 'ParticipationCorrected',
        data: { participationId: PARTICIPATION, country: 'AZ', total: 6, reason: 'miscounted' },
      },
    ],
    otherwise: 'ActivityNotHeld',
  },
  'withdraw-participation': {
    none,
    held: [
      { type: 'ParticipationWithdrawn', data: { participationId: PARTICIPATION, reason: 'entered twice' } },
    ],
    otherwise: 'ActivityNotHeld',
  },
  'record-cost': {
    none,
    ...inEach(except('rejected'), {
      type: 'CostRecorded',
      data: { costId: newId(0), payer: 'Host', amountMinor: 120_000, currency: 'EUR', status: 'known' },
    }),
    otherwise: 'ActivityRejected',
  },
  'correct-cost': {
    none,
    ...inEach(except('rejected'), {
      type: 'CostCorrected',
      data: { costId: COST, payer: 'Host', status: 'to-be-determined', reason: 'not settled yet' },
    }),
    otherwise: 'ActivityRejected',
  },
  'withdraw-cost': {
    none,
    ...inEach(except('rejected'), { type: 'CostWithdrawn', data: { costId: COST, reason: 'entered twice' } }),
    otherwise: 'ActivityRejected',
  },
  'not-attended': {
    none,
    approved: [{ type: 'ActivityNotAttended', data: { reason: 'visa came late' } }],
    otherwise: 'ActivityNotApproved',
  },
  'after-activity-report': {
    none,
    held: [
      {
        type: 'AfterActivityReportSubmitted',
        data: { summary: 'Useful.', lessons: ['Apply early'], recommendations: [] },
      },
    ],
    otherwise: 'ActivityNotHeld',
  },
  'mark-duplicate': {
    none,
    ...inEach(except('duplicate'), {
      type: 'ActivityMarkedDuplicate',
      data: { of: OTHER, reason: 'planned twice' },
    }),
    otherwise: 'ActivityDuplicate',
  },
};

const commandTypes = Object.keys(activityCommandSchemas) as ActivityCommandType[];
const states: readonly State[] = ['none', ...activityStatuses];
const history = (state: State): readonly ActivityFact[] => (state === 'none' ? [] : historyOf[state]);

describe('an activity', () => {
  describe.each(commandTypes)('%s', (type) => {
    it.each(states)('of an activity that is %s', (state) => {
      const expected = table[type][state] ?? table[type].otherwise;
      const decision = given(...history(state)).when(example(type));
      if (typeof expected !== 'string') return expect(decision).toEqual(expected);
      expect(decision).toMatchObject({ refused: 'state', errors: [{ code: expected }] });
    });
  });

  it.each(activityStatuses)('is %s after the history of that name', (status) => {
    expect(fold(historyOf[status])?.status).toBe(status);
  });

  it('names the state it is in and the ones it would have to be in', () => {
    expect(given(...historyOf.held).when(example('cancel'))).toEqual({
      refused: 'state',
      errors: [
        {
          code: 'ActivityNotAhead',
          message: 'cancel needs an activity that is proposed, approved or postponed; this one is held',
        },
      ],
    });
    expect(given().when(example('hold'))).toEqual({
      refused: 'state',
      errors: [{ code: 'ActivityNotFound', message: `there is no activity ${ACTIVITY}` }],
    });
  });
});

describe('the way back', () => {
  const statusAfter = (start: readonly ActivityFact[], ...types: ActivityCommandType[]) => {
    const happened = types.reduce((so, type) => {
      const decision = given(...so).when(example(type));
      if ('refused' in decision) throw new Error(`${type}: ${JSON.stringify(decision.errors)}`);
      return [...so, ...decision];
    }, start);
    return fold(happened)!.status;
  };

  it.each([
    ['proposed', ['reject', 'reinstate']],
    ['proposed', ['postpone', 'reschedule']],
    ['approved', ['postpone', 'reschedule']],
    ['approved', ['reschedule']],
    ['approved', ['cancel', 'reinstate']],
    ['postponed', ['cancel', 'reinstate']],
    ['held', ['mark-duplicate', 'reinstate']],
    ['not-attended', ['mark-duplicate', 'reinstate']],
    ['rejected', ['mark-duplicate', 'reinstate']],
    ['cancelled', ['mark-duplicate', 'reinstate']],
    ['approved', ['postpone', 'cancel', 'mark-duplicate', 'reinstate', 'reinstate', 'reschedule']],
    ['proposed', ['postpone', 'cancel', 'mark-duplicate', 'reinstate', 'reinstate', 'reschedule']],
  ] as const)('leads to %s again after %j', (status, types) => {
    expect(statusAfter(historyOf[status], ...types)).toBe(status);
  });

  it('does not lead from postponed to approved without new dates', () => {
    expect(fold(historyOf.postponed)?.described).not.toHaveProperty('startsOn');
    expect(given(...historyOf.postponed).when(example('hold'))).toMatchObject({
      errors: [{ code: 'ActivityNotApproved' }],
    });
    expect(given(...historyOf.postponed).when(example('reinstate'))).toMatchObject({
      errors: [{ code: 'ActivityNotCalledOff' }],
    });
  });
});
