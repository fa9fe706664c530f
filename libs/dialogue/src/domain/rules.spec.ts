import { describe, expect, it } from '@jest/globals';
import type { DialogueCommand } from './commands.js';
import type { DialogueEvent } from './events.js';
import { broken, command, exampleData, fields, fold, happens, historyOf, OPEN } from './testing/examples.js';

const withFields = (changed: object) => ({ ...fields, ...changed });

describe('dates', () => {
  it.each([
    ['2026-05-11', undefined, []],
    ['2026-05', '2026-05-01', []],
    ['2026-05-11', '2026-05-10', ['/endDate EndBeforeStart']],
    ['2024-02-29', '2027-02-28', []],
    ['2023-01-01', '2026-01-01', ['/endDate TooLong']],
  ])('%s to %s: %j, scheduled, logged or amended', (date, endDate, faults) => {
    const ways: [readonly DialogueEvent[], DialogueCommand][] = [
      [[], command('schedule', withFields({ date, endDate }))],
      [[], command('log', withFields({ date, endDate, held: { date: '2020', endDate: '2020' } }))],
      [historyOf.scheduled, command('amend', { date, endDate: endDate ?? null })],
      [historyOf.cancelled, command('amend', { date, endDate: endDate ?? null })],
    ];
    for (const [history, asked] of ways) expect(broken(history, asked)).toEqual(faults);
  });
});

describe('what was held', () => {
  it.each([
    // Today is 2026-06-15.
    [{ date: '2026-06-15', endDate: '2026-06-15' }, []],
    [{ date: '2026-06', endDate: '2026' }, []],
    [{ date: '2026-06-14', endDate: '2026-06-16' }, ['/endDate HeldInFuture']],
    [{ date: '2026-06-16', endDate: '2026-07' }, ['/date HeldInFuture', '/endDate HeldInFuture']],
    [{ date: '2026-05-13' }, ['/endDate EndBeforeStart']],
  ])('%j: %j', (held, faults) => {
    expect(broken(historyOf.scheduled, command('hold', held))).toEqual(faults);
    expect(broken([], command('log', { ...fields, held }))).toEqual(faults.map((fault) => `/held${fault}`));
  });

  it('was held as scheduled where nothing else is said', () => {
    expect(happens(historyOf.scheduled, command('hold', { endDate: '2026-05-11' }))).toEqual([
      { type: 'DialogueSessionHeld', data: { date: '2026-05-11', endDate: '2026-05-11' } },
    ]);
    const ahead = withFields({ date: '2027-01-11', endDate: '2027-01-15' });
    expect(broken([], command('log', ahead))).toEqual(['/date HeldInFuture', '/endDate HeldInFuture']);
  });

  it.each(['held', 'minuted'] as const)('and is %s has those dates corrected apart', (status) => {
    const history = historyOf[status];
    const amended = happens(history, command('amend', { held: { date: '2026-05-10', endDate: null } }));
    expect(amended).toEqual([
      { type: 'DialogueSessionAmended', data: { changes: { held: { date: '2026-05-10' } } } },
    ]);
    const now = [...history, ...amended];
    expect(fold(now)).toMatchObject({
      status,
      held: { date: '2026-05-10' },
      described: { date: fields.date },
    });
    expect(happens(now, command('amend', { held: { date: '2026-05-10' } }))).toEqual([]);
    expect(broken(history, command('amend', { held: { date: '2026-07-01' } }))).toEqual([
      '/held/endDate EndBeforeStart',
      '/held/date HeldInFuture',
    ]);
  });

  it.each(['scheduled', 'cancelled'] as const)('has such dates; what is %s has none', (status) => {
    expect(broken(historyOf[status], command('amend', { held: { date: '2026-05-10' } }))).toEqual([
      '/held NotHeldYet',
    ]);
  });
});

describe('amendment', () => {
  it('records only what really changes; null takes a field back', () => {
    const full = { level: 'minister', topics: ['Partnership'], place: { city: 'Brussels', country: 'BE' } };
    const scheduled = happens([], command('schedule', withFields(full)));
    const same = { title: ` ${fields.title} `, place: { country: 'BE', city: 'Brussels' }, summary: null };
    expect(happens(scheduled, command('amend', same))).toEqual([]);
    const changes = { level: null, topics: ['Partnership', 'Reform'], endDate: null, date: '2026-07' };
    const amended = happens(scheduled, command('amend', { ...same, ...changes, reason: 'misread' }));
    expect(amended).toEqual([{ type: 'DialogueSessionAmended', data: { changes } }]);
    const { described } = fold([...scheduled, ...amended])!;
    expect(described).toMatchObject({ topics: ['Partnership', 'Reform'], date: '2026-07' });
    expect(described).not.toHaveProperty('level');
    expect(described).not.toHaveProperty('endDate');
    expect(happens([...scheduled, ...amended], command('amend', changes))).toEqual([]);
  });

  it('measures one amended date against the one that stays', () => {
    expect(broken(historyOf.scheduled, command('amend', { date: '2026-05-13' }))).toEqual([
      '/endDate EndBeforeStart',
    ]);
  });
});

describe('minutes', () => {
  it('need a reason when they replace others, and only then', () => {
    const asked = command('minutes', { summary: 'Agreed after all.' });
    expect(broken(historyOf.held, asked)).toEqual([]);
    expect(broken(historyOf.minuted, asked)).toEqual(['/reason ReasonMissing']);
    const replaced = happens(historyOf.minuted, command('minutes', exampleData.minutes));
    expect(fold([...historyOf.minuted, ...replaced])).toMatchObject({
      status: 'minuted',
      minutes: { summary: 'Agreed.', decisions: ['Meet again'] },
    });
  });
});

it('takes no completion for done that lies ahead', () => {
  const done = (on: string) => command('complete-follow-up', { followUpId: OPEN, on });
  expect(broken(historyOf.held, done('2026-06-16'))).toEqual(['/on CompletedInFuture']);
  expect(broken(historyOf.held, done('2026-06-15'))).toEqual([]);
  expect(broken(historyOf.held, done('2026'))).toEqual([]);
});

it('keeps a topic that is named twice once', () => {
  const scheduled = happens(
    [],
    command('schedule', withFields({ topics: ['Reform', ' Reform', 'Borders'] })),
  );
  expect(fold(scheduled)?.described.topics).toEqual(['Reform', 'Borders']);
});

it('names every broken rule at once', () => {
  const asked = command('log', {
    ...fields,
    endDate: '2026-05-01',
    held: { date: '2027', endDate: '2026' },
  });
  expect(broken([], asked)).toEqual([
    '/endDate EndBeforeStart',
    '/held/endDate EndBeforeStart',
    '/held/date HeldInFuture',
  ]);
  const both = command('amend', { endDate: '2026-05-01', held: { date: '2026-07' } });
  expect(broken(historyOf.held, both)).toEqual([
    '/endDate EndBeforeStart',
    '/held/endDate EndBeforeStart',
    '/held/date HeldInFuture',
  ]);
});
