import { describe, expect, it } from '@jest/globals';
import type { ActivityFact } from './activity.js';
import { broken, by, command, fields, fold, happens, historyOf, proposer } from './testing/examples.js';

describe('amendment', () => {
  const place = { country: 'GE', city: 'Tbilisi' };
  const amendedWith = (history: readonly ActivityFact[], changes: object) =>
    happens(history, command('amend', changes));
  const logged = happens([], command('log', { ...fields, place, quota: 4 }));

  it('records only what really changes', () => {
    const same = { title: ' Winter course ', place: { city: 'Tbilisi', country: 'GE' } };
    expect(amendedWith(logged, same)).toEqual([]);
    expect(amendedWith(logged, { goalIds: [], area: null, sources: [], quota: undefined })).toEqual([]);
    expect(amendedWith(logged, { sources: [{ note: 'page 3' }] })).toHaveLength(1);
    expect(amendedWith(logged, { ...same, place: { country: 'GE' }, quota: null })).toEqual([
      { type: 'ActivityAmended', data: { changes: { place: { country: 'GE' }, quota: null } } },
    ]);
  });

  it('builds on the amendments before', () => {
    const [amended] = amendedWith(logged, { quota: null, kind: 'seminar' });
    const history = [...logged, amended!];
    expect(fold(history)?.described).not.toHaveProperty('quota');
    expect(amendedWith(history, { quota: null, kind: 'seminar' })).toEqual([]);
    expect(amendedWith(history, { quota: 4, kind: 'seminar' })).toMatchObject([
      { data: { changes: { quota: 4 } } },
    ]);
  });

  it('measures one amended date against the one that stays', () => {
    expect(broken(historyOf.proposed, command('amend', { startsOn: '2026-05-16' }))).toEqual([
      '/endsOn EndBeforeStart',
    ]);
  });

  it('corrects the dates it was held on, apart from the planned ones', () => {
    const [amended] = amendedWith(historyOf.held, { held: { startsOn: '2026-05-05' } });
    expect(amended).toMatchObject({ data: { changes: { held: { startsOn: '2026-05-05' } } } });
    const history = [...historyOf.held, amended!];
    expect(fold(history)?.described.startsOn).toBe(fold(historyOf.held)?.described.startsOn);
    expect(fold(history)?.held?.startsOn).toBe('2026-05-05');
    expect(amendedWith(history, { held: { startsOn: '2026-05-05' } })).toEqual([]);
    expect(amendedWith(history, { held: { endsOn: null } })).toMatchObject([
      { data: { changes: { held: { startsOn: '2026-05-05' } } } },
    ]);
    expect(broken(history, command('amend', { held: { startsOn: '2026-07-01' } }))).toEqual([
      '/held/endsOn EndBeforeStart',
      '/held/startsOn HeldInFuture',
    ]);
    expect(broken(historyOf.approved, command('amend', { held: { startsOn: '2026-05-05' } }))).toEqual([
      '/held NotHeldYet',
    ]);
  });

  it('gives no dates to what is postponed', () => {
    const asked = command('amend', { startsOn: '2026-07', endsOn: '2026-08' });
    expect(broken(historyOf.postponed, asked)).toEqual([
      '/startsOn DatesPostponed',
      '/endsOn DatesPostponed',
    ]);
    const cancelled = [
      ...historyOf.postponed,
      by(proposer, { type: 'ActivityCancelled', data: { reasonCode: 'other' } }),
    ];
    expect(broken(cancelled, asked)).toHaveLength(2);
  });
});
