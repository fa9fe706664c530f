import { describe, expect, it } from '@jest/globals';
import { EventRegistry } from '#event-sourcing';
import { dialogueEventDefinitions, type DialogueEventType } from './events.js';
import { ACTIVITY, OPEN } from './testing/examples.js';

const followUpId = OPEN;
const reason = 'misread';
const least = { title: 'Staff talks', format: 'staff-talks', date: '2026' };
const noLists = { topics: [], sources: [] };
const fields = {
  ...least,
  level: 'expert',
  counterpart: 'Military staff',
  place: { country: 'BE', city: 'Brussels', venue: 'Hall 1' },
  date: '2026-05-11',
  endDate: '2026-05-12',
  topics: ['Partnership'],
  ownDelegationHead: 'Chief of Staff',
  summary: 'Brief.',
  cycleId: ACTIVITY,
  sources: [{ url: 'https://example.org/', note: 'page 3' }],
};
const held = { date: '2026-05-11', endDate: '2026-05-12' };
const nothing = Object.fromEntries(
  ['level', 'counterpart', 'place', 'endDate', 'ownDelegationHead', 'summary', 'cycleId'].map((field) => [
    field,
    null,
  ]),
);
const followUp = { text: 'Draft the plan', owner: 'Academy', dueOn: '2026-09', activityId: ACTIVITY };

/** Data of each event as stored, in full and with no more than it must have. */
const examples: Readonly<Record<DialogueEventType, readonly object[]>> = {
  DialogueSessionScheduled: [fields, { ...least, ...noLists }],
  DialogueSessionLogged: [
    { ...fields, held },
    { ...least, ...noLists, held: { date: '2026' } },
  ],
  DialogueSessionAmended: [{ changes: { ...fields, held } }, { changes: nothing }],
  DialogueSessionHeld: [held, { date: '2026' }],
  DialogueSessionCancelled: [{ reason }],
  DialogueSessionWithdrawn: [{ reason }],
  DialogueSessionReinstated: [{ reason }],
  MinutesRecorded: [
    { summary: 'Agreed.', decisions: ['Meet again'], reason },
    { summary: 'Agreed.', decisions: [] },
  ],
  FollowUpAgreed: [
    { followUpId, ...followUp },
    { followUpId, text: 'Draft the plan', owner: 'Academy' },
  ],
  FollowUpAmended: [
    { followUpId, changes: followUp },
    { followUpId, changes: { dueOn: null, activityId: null } },
  ],
  FollowUpCompleted: [{ followUpId, on: '2026-06', activityId: ACTIVITY, note: 'sent' }, { followUpId }],
  FollowUpDropped: [{ followUpId, reason }],
};

const registry = new EventRegistry(dialogueEventDefinitions);
const types = Object.keys(dialogueEventDefinitions) as DialogueEventType[];

describe('the stored form', () => {
  it.each(types)('of %s stays as it is', (type) => {
    for (const data of examples[type]) {
      const stored = registry.validate({ type, data });
      expect(stored).toEqual(data);
      expect({ type, version: registry.versionOf(type), data: stored }).toMatchSnapshot();
    }
  });
});
