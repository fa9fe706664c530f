import { describe, expect, it } from '@jest/globals';
import { EventRegistry } from '#event-sourcing';
import { activityEventDefinitions, type ActivityEventType } from './events.js';
import { COST, NOMINATION, OTHER, PARTICIPATION } from './testing/examples.js';

const least = {
  title: 'Winter course',
  kind: 'course',
  programme: 'ipcp',
  role: 'participant',
  startsOn: '2026',
};
const fields = {
  ...least,
  area: 'science',
  organiser: { name: 'Academy', kind: 'ally', country: 'TR' },
  delivery: 'in-person',
  place: { country: 'TR', city: 'Ankara', venue: 'Hall 1' },
  startsOn: '2026-05-11',
  endsOn: '2026-05-15',
  subtype: 'e-learning',
  reference: 'ACT.396',
  cycleId: OTHER,
  goalIds: [OTHER],
  quota: 4,
  summary: 'Cold.',
  sources: [{ url: 'https://example.org/', note: 'page 3' }],
};
const noLists = { goalIds: [], sources: [] };
const dates = { startsOn: '2026-05-11', endsOn: '2026-05-15' };
const reason = 'misread';
const participation = {
  participationId: PARTICIPATION,
  country: 'AZ',
  institution: 'Academy',
  role: 'observer',
  total: 5,
  military: 3,
  civilian: 2,
  female: 1,
  male: 4,
};
const cost = {
  costId: COST,
  payer: 'Host',
  category: 'travel',
  amountMinor: 5,
  currency: 'EUR',
  status: 'known',
};
const { title, kind, programme, role, reference: _, ...others } = fields;
const nothing = Object.fromEntries(
  Object.keys(others)
    .filter((field) => !['startsOn', 'goalIds', 'sources'].includes(field))
    .map((field) => [field, null]),
);

/** Data of each event as stored, in full and with no more than it must have. */
const examples: Readonly<Record<ActivityEventType, readonly object[]>> = {
  ActivityPlanned: [fields, { ...least, ...noLists }],
  ActivityLogged: [
    { ...fields, held: dates },
    { ...least, ...noLists, held: { startsOn: '2026' } },
  ],
  ActivityApproved: [{}],
  ActivityRejected: [{ reason }],
  ActivityAmended: [{ changes: { title, kind, programme, role, ...others } }, { changes: nothing }],
  ActivityRescheduled: [
    { ...dates, reason },
    { startsOn: '2026', reason },
  ],
  ActivityPostponed: [{ reason }],
  ActivityCancelled: [{ reasonCode: 'host', note: 'host withdrew' }, { reasonCode: 'other' }],
  ActivityReinstated: [{ reason }],
  ParticipantsNominated: [
    { nominationId: NOMINATION, institution: 'Academy', country: 'AZ', role: 'observer', count: 3 },
    { nominationId: NOMINATION, institution: 'Academy', country: 'AZ', count: 3 },
  ],
  NominationWithdrawn: [{ nominationId: NOMINATION, reason }, { nominationId: NOMINATION }],
  ActivityHeld: [dates, { startsOn: '2026' }],
  ParticipationRecorded: [participation, { participationId: PARTICIPATION, country: 'AZ', total: 5 }],
  ParticipationCorrected: [{ ...participation, reason }],
  ParticipationWithdrawn: [{ participationId: PARTICIPATION, reason }],
  CostRecorded: [cost, { costId: COST, payer: 'Host', status: 'to-be-determined' }],
  CostCorrected: [{ ...cost, reason }],
  CostWithdrawn: [{ costId: COST, reason }],
  ActivityNotAttended: [{ reason }],
  AfterActivityReportSubmitted: [
    { summary: 'Useful.', lessons: ['Apply early'], recommendations: ['Go again'] },
    { summary: 'Useful.', lessons: [], recommendations: [] },
  ],
  ActivityMarkedDuplicate: [{ of: OTHER, reason }],
};

/** Data as versions before the newest one were stored. */
const former: Partial<Record<ActivityEventType, Readonly<Record<number, object>>>> = {
  ActivityCancelled: { 1: { reason: 'host withdrew' } },
};

const registry = new EventRegistry(activityEventDefinitions);
const types = Object.keys(activityEventDefinitions) as ActivityEventType[];

describe('the stored form', () => {
  it.each(types)('of %s stays as it is', (type) => {
    for (const data of examples[type]) {
      const stored = registry.validate({ type, data });
      expect(stored).toEqual(data);
      expect({ type, version: registry.versionOf(type), data: stored }).toMatchSnapshot();
    }
  });

  it.each(types)('of %s in former versions is still read', (type) => {
    for (let version = 1; version < registry.versionOf(type); version++) {
      const data = registry.upcast(type, version, former[type]?.[version]);
      expect(registry.validate({ type, data: data as object })).toEqual(data);
      expect({ type, version, stored: former[type]?.[version], data }).toMatchSnapshot();
    }
  });

  it('of a cancellation, once free text, keeps the words and says that no code was given', () => {
    expect(registry.versionOf('ActivityCancelled')).toBe(2);
    expect(registry.upcast('ActivityCancelled', 1, { reason: 'host withdrew' })).toEqual({
      reasonCode: 'other',
      note: 'host withdrew',
    });
    expect(registry.upcast('ActivityCancelled', 2, { reasonCode: 'host' })).toEqual({ reasonCode: 'host' });
  });
});
