import { describe, expect, it } from '@jest/globals';
import type { ActivityCommand } from './commands.js';
import type { ActivityFact } from './activity.js';
import {
  ACTIVITY,
  approver,
  broken,
  by,
  command,
  COST,
  example,
  fields,
  given,
  happens,
  historyOf,
  office,
  PARTICIPATION,
  proposer,
} from './testing/examples.js';

const withFields = (changed: object) => ({ ...fields, ...changed });

describe('dates', () => {
  it.each([
    ['2026-05-11', '2026-05-11', []],
    ['2026-05-11', undefined, []],
    ['2026-05-11', '2026-05-10', ['/endsOn EndBeforeStart']],
    ['2026-05', '2026-05-01', []],
    ['2026-05-31', '2026-05', []],
    ['2026-06', '2026-05-31', ['/endsOn EndBeforeStart']],
    ['2026', '2025', ['/endsOn EndBeforeStart']],
    ['2023-01-01', '2025-12-31', []],
    ['2023-01-01', '2026-01-01', ['/endsOn TooLong']],
    ['2024-02-29', '2027-02-28', []],
    ['2024-02-29', '2027-03-01', ['/endsOn TooLong']],
    ['2023', '2026', []],
    ['2023', '2027', ['/endsOn TooLong']],
  ])('%s to %s: %j, planned, logged, rescheduled or amended', (startsOn, endsOn, faults) => {
    const ways: [readonly ActivityFact[], ActivityCommand][] = [
      [[], command('plan', withFields({ startsOn, endsOn }))],
      [[], command('log', withFields({ startsOn, endsOn, held: { startsOn: '2020', endsOn: '2020' } }))],
      [historyOf.postponed, command('reschedule', { startsOn, endsOn, reason: 'ice' })],
      [historyOf.proposed, command('amend', { startsOn, endsOn: endsOn ?? null })],
    ];
    for (const [history, asked] of ways) expect(broken(history, asked)).toEqual(faults);
  });

  it('says both dates', () => {
    expect(given().when(command('plan', withFields({ endsOn: '2026-05-01' })))).toMatchObject({
      errors: [{ message: 'the end 2026-05-01 lies before the start 2026-05-11' }],
    });
  });
});

describe('what was held', () => {
  it.each([
    // Today is 2026-06-15.
    [{ startsOn: '2026-06-15', endsOn: '2026-06-15' }, []],
    [{ startsOn: '2026-06', endsOn: '2026' }, []],
    [{ startsOn: '2026-06-14', endsOn: '2026-06-16' }, ['/endsOn HeldInFuture']],
    [{ startsOn: '2026-06-16', endsOn: '2026-07' }, ['/startsOn HeldInFuture', '/endsOn HeldInFuture']],
    [{ startsOn: '2026-05-16' }, ['/endsOn EndBeforeStart']],
    [{ startsOn: '2020-05-11' }, ['/endsOn TooLong']],
  ])('%j: %j', (held, faults) => {
    expect(broken(historyOf.approved, command('hold', held))).toEqual(faults);
    const logged = broken([], command('log', { ...fields, held }));
    expect(logged).toEqual(faults.map((fault) => `/held${fault}`));
  });

  it('was held as planned where nothing else is said', () => {
    expect(happens(historyOf.approved, command('hold', { endsOn: '2026-05-14' }))).toEqual([
      { type: 'ActivityHeld', data: { startsOn: '2026-05-11', endsOn: '2026-05-14' } },
    ]);
    const ahead = withFields({ startsOn: '2027-01-11', endsOn: '2027-01-15' });
    expect(broken([], command('log', ahead))).toEqual(['/startsOn HeldInFuture', '/endsOn HeldInFuture']);
  });
});

describe('participation', () => {
  const held = historyOf.held;

  it.each([
    [{ total: 10, military: 6, civilian: 4, female: 1, male: 9 }, []],
    [{ total: 10, military: 6 }, []],
    [{ total: 0 }, []],
    [{ total: 10, military: 6, civilian: 5 }, ['/military PartsExceedTotal']],
    [{ total: 10, male: 11 }, ['/male PartsExceedTotal']],
    [
      { total: 1, civilian: 2, female: 1, male: 1 },
      ['/civilian PartsExceedTotal', '/female PartsExceedTotal'],
    ],
  ])('%j: %j, recorded, corrected or logged', (numbers, faults) => {
    expect(broken(held, command('record-participation', numbers))).toEqual(faults);
    const corrected = { ...numbers, participationId: PARTICIPATION, reason: 'miscounted' };
    expect(broken(held, command('correct-participation', corrected))).toEqual(faults);
    expect(broken([], command('log', { ...fields, participations: [{ total: 1 }, numbers] }))).toEqual(
      faults.map((fault) => `/participations/1${fault}`),
    );
  });

  it('says the numbers', () => {
    const asked = command('record-participation', { total: 10, military: 6, civilian: 5 });
    expect(given(...held).when(asked)).toMatchObject({
      errors: [{ message: 'military 6 + civilian 5 exceeds the total of 10' }],
    });
  });

  it("is the office's own where no country is said", () => {
    expect(happens(held, command('record-participation', { total: 1, country: 'GE' }))).toMatchObject([
      { data: { country: 'GE' } },
    ]);
    expect(happens(held, command('record-participation', { total: 1 }))).toMatchObject([
      { data: { country: 'AZ' } },
    ]);
  });
});

describe('cost', () => {
  it.each([
    [{ amountMinor: 5, currency: 'EUR' }, [], 'known'],
    [{ amountMinor: 0, currency: 'EUR', status: 'known' }, [], 'known'],
    [{}, [], 'to-be-determined'],
    [{ currency: 'EUR' }, [], 'to-be-determined'],
    [{ amountMinor: 5, currency: 'EUR', status: 'to-be-determined' }, [], 'to-be-determined'],
    [{ status: 'known' }, ['/amountMinor AmountMissing', '/currency CurrencyMissing'], ''],
    [{ amountMinor: 5 }, ['/currency CurrencyMissing'], ''],
    [{ amountMinor: 5, status: 'to-be-determined' }, ['/currency CurrencyMissing'], ''],
  ])('%j: %j %s, recorded, corrected or logged', (money, faults, status) => {
    const cost = { payer: 'Host', ...money };
    const { proposed } = historyOf;
    expect(broken(proposed, command('record-cost', cost))).toEqual(faults);
    expect(broken(proposed, command('correct-cost', { ...cost, costId: COST, reason: 'late' }))).toEqual(
      faults,
    );
    expect(broken([], command('log', { ...fields, costs: [cost] }))).toEqual(
      faults.map((fault) => `/costs/0${fault}`),
    );
    if (faults.length > 0) return;
    expect(happens(proposed, command('record-cost', cost))).toMatchObject([{ data: { status } }]);
  });
});

describe('approval', () => {
  it('is not for who proposed it, unless the office lifts that', () => {
    const { when } = given(...historyOf.proposed);
    expect(when(example('approve'), proposer)).toEqual({
      refused: 'rule',
      errors: [
        { code: 'ApproverIsProposer', message: 'staff-1 proposed it; someone else has to approve it' },
      ],
    });
    expect(when(example('approve'), proposer, { ...office, fourEyes: false })).toHaveLength(1);
  });

  it('remembers who proposed it through rejection and return', () => {
    const returned = [
      ...historyOf.rejected,
      by(approver, { type: 'ActivityReinstated', data: { reason: 'mistake' } }),
    ];
    expect(broken(returned, example('approve'), proposer)).toEqual(['undefined ApproverIsProposer']);
    expect(broken(returned, example('approve'), approver)).toEqual([]);
  });
});

it('is no duplicate of itself', () => {
  const asked = command('mark-duplicate', { of: ACTIVITY, reason: 'twice' });
  expect(broken(historyOf.held, asked)).toEqual(['/of DuplicateOfItself']);
});

it('names every broken rule at once', () => {
  const asked = command('log', {
    ...fields,
    endsOn: '2026-05-01',
    held: { startsOn: '2027', endsOn: '2026' },
    participations: [{ total: 1, military: 2, female: 3 }],
    costs: [{ payer: 'Host', status: 'known' }],
  });
  expect(broken([], asked)).toEqual([
    '/endsOn EndBeforeStart',
    '/held/endsOn EndBeforeStart',
    '/held/startsOn HeldInFuture',
    '/participations/0/military PartsExceedTotal',
    '/participations/0/female PartsExceedTotal',
    '/costs/0/amountMinor AmountMissing',
    '/costs/0/currency CurrencyMissing',
  ]);
});
