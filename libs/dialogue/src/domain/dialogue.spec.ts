import { describe, expect, it } from '@jest/globals';
import { dialogueCommandSchemas, type DialogueCommandType } from './commands.js';
import { dialogueStatuses, type DialogueStatus } from './dialogue.js';
import type { DialogueEvent } from './events.js';
import type { DialogueFields } from './fields.js';
import {
  ACTIVITY,
  COMPLETED,
  DROPPED,
  example,
  exampleData,
  command,
  fold,
  given,
  happens,
  historyOf,
  newId,
  OPEN,
  SESSION,
  UNKNOWN,
} from './testing/examples.js';

type State = 'none' | DialogueStatus;
type Row = Partial<Record<State, readonly DialogueEvent[] | string>> & { otherwise: string };

const described: DialogueFields = {
  title: 'Political committee with the partner',
  format: 'pfp-committee',
  date: '2026-05-11',
  endDate: '2026-05-12',
  topics: [],
  sources: [],
};
const dates = { date: '2026-05-11', endDate: '2026-05-12' };
const none = 'DialogueNotFound';

/** The same events in each of the states. */
const inEach = (states: readonly DialogueStatus[], ...events: DialogueEvent[]) =>
  Object.fromEntries(states.map((status) => [status, events]));
const heldOnly = (...events: DialogueEvent[]): Row => ({
  none,
  ...inEach(['held', 'minuted'], ...events),
  otherwise: 'DialogueNotHeld',
});
const scheduledOnly = (...events: DialogueEvent[]): Row => ({
  none,
  scheduled: events,
  otherwise: 'DialogueNotScheduled',
});
const notWithdrawn = (...events: DialogueEvent[]): Row => ({
  none,
  ...inEach(['scheduled', 'held', 'minuted', 'cancelled'], ...events),
  otherwise: 'DialogueWithdrawn',
});

/** What each command does in each state; `otherwise` is the refusal in the states not named. */
const table: Readonly<Record<DialogueCommandType, Row>> = {
  schedule: { none: [{ type: 'DialogueSessionScheduled', data: described }], otherwise: 'DialogueExists' },
  log: {
    none: [{ type: 'DialogueSessionLogged', data: { ...described, held: dates } }],
    otherwise: 'DialogueExists',
  },
  amend: notWithdrawn({
    type: 'DialogueSessionAmended',
    data: { changes: { title: 'Committee with the partner' } },
  }),
  hold: scheduledOnly({ type: 'DialogueSessionHeld', data: dates }),
  cancel: scheduledOnly({ type: 'DialogueSessionCancelled', data: { reason: 'no quorum' } }),
  minutes: heldOnly({
    type: 'MinutesRecorded',
    data: { summary: 'Agreed.', decisions: ['Meet again'], reason: 'typed anew' },
  }),
  withdraw: notWithdrawn({ type: 'DialogueSessionWithdrawn', data: { reason: 'entered twice' } }),
  reinstate: {
    none,
    withdrawn: [{ type: 'DialogueSessionReinstated', data: { reason: 'it was another one' } }],
    otherwise: 'DialogueNotWithdrawn',
  },
  'agree-follow-up': heldOnly({
    type: 'FollowUpAgreed',
    data: {
      followUpId: newId(0),
      text: 'Draft the plan',
      owner: 'Ministry of Defence',
      dueOn: '2026-09',
    },
  }),
  'amend-follow-up': heldOnly({
    type: 'FollowUpAmended',
    data: { followUpId: OPEN, changes: { dueOn: '2026-10' } },
  }),
  'complete-follow-up': heldOnly({
    type: 'FollowUpCompleted',
    data: { followUpId: OPEN, on: '2026-06-01', activityId: ACTIVITY, note: 'sent' },
  }),
  'drop-follow-up': heldOnly({ type: 'FollowUpDropped', data: { followUpId: OPEN, reason: 'overtaken' } }),
};

const commandTypes = Object.keys(dialogueCommandSchemas) as DialogueCommandType[];
const states: readonly State[] = ['none', ...dialogueStatuses];
const history = (state: State): readonly DialogueEvent[] => (state === 'none' ? [] : historyOf[state]);

describe('a dialogue session', () => {
  describe.each(commandTypes)('%s', (type) => {
    it.each(states)('of a session that is %s', (state) => {
      const expected = table[type][state] ?? table[type].otherwise;
      const decision = given(...history(state)).when(example(type));
      if (typeof expected !== 'string') return expect(decision).toEqual(expected);
      expect(decision).toMatchObject({ refused: 'state', errors: [{ code: expected }] });
    });
  });

  it.each(dialogueStatuses)('is %s after the history of that name', (status) => {
    expect(fold(historyOf[status])?.status).toBe(status);
  });

  it.each(['scheduled', 'held', 'minuted', 'cancelled'] as const)(
    'that was %s is so again, and as it was, when its withdrawal is taken back',
    (status) => {
      const twice = [1, 2].reduce<readonly DialogueEvent[]>((so) => {
        const withdrawn = [...so, ...happens(so, example('withdraw'))];
        return [...withdrawn, ...happens(withdrawn, example('reinstate'))];
      }, historyOf[status]);
      expect(fold(twice)).toEqual(fold(historyOf[status]));
    },
  );

  it('tells whoever records it again what became of it, and the way back from a withdrawal', () => {
    const message = (status: DialogueStatus, end: string) =>
      expect(given(...historyOf[status]).when(example('log'))).toMatchObject({
        errors: [{ message: `the dialogue session ${SESSION} is recorded already and is ${end}` }],
      });
    message('held', 'held');
    message('withdrawn', 'withdrawn: reinstate it');
  });

  it('names the state it is in and the ones it would have to be in', () => {
    expect(given(...historyOf.cancelled).when(example('minutes'))).toMatchObject({
      errors: [{ message: 'minutes needs a session that is held or minuted; this one is cancelled' }],
    });
    expect(given().when(example('hold'))).toMatchObject({
      errors: [{ message: `there is no dialogue session ${SESSION}` }],
    });
  });

  it('is logged with what was minuted and agreed, in one', () => {
    const logged = happens(
      [],
      command('log', {
        ...exampleData.log,
        minutes: { summary: 'Agreed.' },
        followUps: [exampleData['agree-follow-up'], { text: 'Name experts', owner: 'Academy' }],
      }),
    );
    expect(logged.map(({ type }) => type)).toEqual([
      'DialogueSessionLogged',
      'MinutesRecorded',
      'FollowUpAgreed',
      'FollowUpAgreed',
    ]);
    expect(fold(logged)).toMatchObject({
      status: 'minuted',
      minutes: { summary: 'Agreed.', decisions: [] },
      followUps: [
        { followUpId: newId(0), status: 'open' },
        { followUpId: newId(1), owner: 'Academy', status: 'open' },
      ],
    });
  });
});

describe('a follow-up', () => {
  const after = (...types: DialogueCommandType[]) =>
    types.reduce<readonly DialogueEvent[]>(
      (so, type) => [...so, ...happens(so, example(type))],
      historyOf.held,
    );
  const found = (events: readonly DialogueEvent[], id: string) =>
    fold(events)!.followUps.find(({ followUpId }) => followUpId === id);

  it.each(['complete-follow-up', 'drop-follow-up'] as const)('is open, or %s is refused', (type) => {
    for (const [followUpId, status] of [
      [COMPLETED, 'completed'],
      [DROPPED, 'dropped'],
    ]) {
      const asked = command(type, { ...exampleData[type], followUpId });
      const message = `${type} needs a follow-up that is open; this one is ${status}`;
      expect(given(...historyOf.minuted).when(asked)).toEqual({
        refused: 'state',
        errors: [{ code: 'FollowUpNotOpen', message }],
      });
    }
  });

  it.each(['amend-follow-up', 'complete-follow-up', 'drop-follow-up'] as const)(
    'that is not there is not found by %s',
    (type) => {
      const asked = command(type, { ...exampleData[type], followUpId: UNKNOWN });
      expect(given(...historyOf.held).when(asked)).toMatchObject({
        refused: 'state',
        errors: [{ code: 'FollowUpNotFound' }],
      });
    },
  );

  it('is amended by what really changes, also when it is done with', () => {
    for (const followUpId of [OPEN, COMPLETED, DROPPED]) {
      const same = { followUpId, text: ' Draft the plan ', dueOn: '2026-06-14', activityId: null };
      expect(happens(historyOf.held, command('amend-follow-up', same))).toEqual([]);
      const asked = command('amend-follow-up', { ...same, dueOn: null, activityId: ACTIVITY });
      const amended = happens(historyOf.held, asked);
      expect(amended).toEqual([
        { type: 'FollowUpAmended', data: { followUpId, changes: { dueOn: null, activityId: ACTIVITY } } },
      ]);
      const followUp = found([...historyOf.held, ...amended], followUpId);
      expect(followUp).toMatchObject({ text: 'Draft the plan', activityId: ACTIVITY });
      expect(followUp).not.toHaveProperty('dueOn');
    }
  });

  it('says what became of it', () => {
    expect(found(after('complete-follow-up'), OPEN)).toMatchObject({
      status: 'completed',
      completedOn: '2026-06-01',
      activityId: ACTIVITY,
      note: 'sent',
    });
    expect(found(after('drop-follow-up'), OPEN)).toMatchObject({ status: 'dropped', reason: 'overtaken' });
  });

  it('keeps the activity it named when it is completed without one', () => {
    const named = [
      ...historyOf.held,
      ...happens(historyOf.held, command('amend-follow-up', { followUpId: OPEN, activityId: ACTIVITY })),
    ];
    const done = happens(named, command('complete-follow-up', { followUpId: OPEN }));
    expect(found([...named, ...done], OPEN)).toMatchObject({ status: 'completed', activityId: ACTIVITY });
  });
});
