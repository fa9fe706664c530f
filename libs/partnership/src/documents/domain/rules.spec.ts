import { describe, expect, it } from '@jest/globals';
import { isRefusal } from '#shared-kernel';
import fc from 'fast-check';
import { context } from '../../testing/decisions.js';
import { daysOf, disjoint, partialDates } from '../../testing/days.js';
import { documentDecider } from './decide.js';
import type { Document } from './document.js';
import type { DocumentEvent } from './events.js';
import { CYCLES, document, fields, MILESTONE, recorded } from './testing/examples.js';

describe('milestones', () => {
  // Presented in 2004-05.
  it.each([
    [{ milestone: 'agreed', on: '2004-05-01' }, []],
    [{ milestone: 'agreed', on: '2004' }, []],
    [{ milestone: 'agreed' }, []],
    [{ milestone: 'drafted', on: '2004-05-31' }, []],
    [{ milestone: 'expired', on: '2026-06' }, []],
    [{ milestone: 'agreed', on: '2004-04-30' }, ['/on MilestonesOutOfOrder']],
    [{ milestone: 'drafted', on: '2004-06-01' }, ['/on MilestonesOutOfOrder']],
    [{ milestone: 'presented' }, ['/milestone MilestoneReachedTwice']],
    [{ milestone: 'in-force', on: '2026-06-16' }, ['/on MilestoneInFuture']],
    [{ milestone: 'presented', on: '2027' }, ['/milestone MilestoneReachedTwice', '/on MilestoneInFuture']],
  ])('%j: %j, reached or recorded with the document', (milestone, faults) => {
    expect(document.broken(recorded, 'reach-milestone', milestone)).toEqual(faults);
    const milestones = [{ milestone: 'presented', on: '2004-05' }, milestone];
    expect(document.broken([], 'record', { ...fields, milestones })).toEqual(
      faults.map((fault) => fault.replace('/', '/milestones/1/')),
    );
  });

  it('are corrected without regard to what they were', () => {
    const corrected = { milestoneId: MILESTONE, reason: 'misread' };
    expect(
      document.broken(recorded, 'correct-milestone', { ...corrected, milestone: 'presented', on: '2007' }),
    ).toEqual([]);
    const agreed = [
      ...recorded,
      ...document.happens(recorded, 'reach-milestone', { milestone: 'agreed', on: '2005' }),
    ];
    expect(
      document.broken(agreed, 'correct-milestone', { ...corrected, milestone: 'agreed', on: '2006' }),
    ).toEqual(['/milestone MilestoneReachedTwice']);
    expect(
      document.broken(agreed, 'correct-milestone', { ...corrected, milestone: 'presented', on: '2006' }),
    ).toEqual(['/on MilestonesOutOfOrder']);
  });

  it('say which dates do not go together', () => {
    expect(
      document.given(...recorded).when('reach-milestone', { milestone: 'agreed', on: '2003' }),
    ).toMatchObject({
      errors: [{ message: 'agreed on 2003 would lie before presented on 2004-05' }],
    });
  });
});

describe('cycles', () => {
  // 2005 to 2007, 2008 to 2010, 2016 to 2017.
  it.each([
    [{ from: '2011', to: '2015' }, []],
    [{ from: '2012', to: '2013', agreedOn: '2011-12' }, []],
    [{ from: '2004-12', to: '2004-12-31' }, []],
    [{ from: '2013', to: '2012' }, ['/to EndBeforeStart']],
    [{ from: '2010-12-31', to: '2011' }, ['/from CycleOverlaps']],
    [{ from: '2015', to: '2016-01-01' }, ['/from CycleOverlaps']],
    [{ from: '2006-03', to: '2006-04' }, ['/from CycleOverlaps']],
    [{ from: '2000', to: '2008-01' }, ['/from CycleOverlaps', '/from CycleOverlaps']],
    [{ from: '2012', to: '2013', agreedOn: '2027' }, ['/agreedOn AgreedInFuture']],
  ])('%j: %j, opened or recorded with the document', (cycle, faults) => {
    expect(document.broken(recorded, 'open-cycle', cycle)).toEqual(faults);
    const cycles = [
      { from: '2005', to: '2007' },
      { from: '2008', to: '2010' },
      { from: '2016', to: '2017' },
      cycle,
    ];
    expect(document.broken([], 'record', { ...fields, cycles })).toEqual(
      faults.map((fault) => fault.replace('/', '/cycles/3/')),
    );
  });

  it.each([
    [CYCLES.active, '2011', []],
    [CYCLES.active, '2015', []],
    [CYCLES.active, '2010-12', ['/to EndNotLater']],
    [CYCLES.active, '2009', ['/to EndNotLater']],
    [CYCLES.active, '2016-01', ['/to CycleOverlaps']],
  ])('%s is extended to %s: %j', (cycleId, to, faults) => {
    expect(document.broken(recorded, 'extend-cycle', { cycleId, to, reason: 'goals open' })).toEqual(faults);
  });

  it('are corrected without regard to what they were', () => {
    const corrected = { cycleId: CYCLES.active, reason: 'misread' };
    expect(document.broken(recorded, 'correct-cycle', { ...corrected, from: '2009', to: '2011' })).toEqual(
      [],
    );
    expect(document.broken(recorded, 'correct-cycle', { ...corrected, from: '2007', to: '2011' })).toEqual([
      '/from CycleOverlaps',
    ]);
  });

  // Today is 2026-06-15.
  it.each([
    ['2026', []],
    ['2026-06', []],
    ['2026-06-15', []],
    ['2026-06-16', ['CycleInFuture']],
    ['2027', ['CycleInFuture']],
  ])('from %s are active or completed as soon as their first day has come: %j', (from, codes) => {
    const period = { from, to: '2028' };
    for (const status of ['active', 'completed']) {
      const cycle = { ...period, status };
      const faults = (at: string) => codes.map((code) => `${at}/status ${code}`);
      expect(document.broken(recorded, 'open-cycle', cycle)).toEqual(faults(''));
      expect(document.broken([], 'record', { ...fields, cycles: [cycle] })).toEqual(faults('/cycles/0'));
    }
    expect(document.broken(recorded, 'open-cycle', period)).toEqual([]);
    for (const [type, status] of [
      ['activate-cycle', 'planned'],
      ['complete-cycle', 'active'],
    ] as const) {
      const cycleId = CYCLES[status];
      const moved: DocumentEvent = {
        type: 'CycleCorrected',
        data: { cycleId, ...period, sources: [], reason: 'misread' },
      };
      const without = codes.map((code) => `undefined ${code}`);
      expect(document.broken([...recorded, moved], type, { cycleId })).toEqual(without);
    }
  });

  it('say which other one is in the way, and both spans', () => {
    expect(
      document.given(...recorded).when('open-cycle', { title: 'New', from: '2007-12', to: '2007' }),
    ).toMatchObject({
      errors: [
        {
          code: 'CycleOverlaps',
          message: `2007-12-01 to 2007-12-31 overlaps the cycle ${CYCLES.completed}, 2005-01-01 to 2007-12-31`,
        },
      ],
    });
  });

  it('of one document never share a day, and are refused only if they would', () => {
    const asked = fc.record({
      type: fc.constantFrom('open-cycle', 'open-cycle', 'correct-cycle', 'extend-cycle', 'withdraw-cycle'),
      pick: fc.nat(7),
      from: partialDates,
      to: partialDates,
    });
    fc.assert(
      fc.property(fc.array(asked, { maxLength: 12 }), (commands) => {
        let state: Document | undefined = document.fold(recorded.slice(0, 1));
        commands.forEach(({ type: wanted, pick, from, to }, turn) => {
          const cycle = state!.cycles[pick % (state!.cycles.length || 1)];
          const type = cycle ? wanted : 'open-cycle';
          const cycleId = `00000000-0000-4000-8000-${String(turn).padStart(12, '0')}`;
          const part = type === 'open-cycle' ? {} : { cycleId: cycle!.cycleId, reason: 'misread' };
          const data = { 'withdraw-cycle': part, 'extend-cycle': { ...part, to } }[type as string] ?? {
            ...part,
            from,
            to,
          };
          const decision = documentDecider.decide(
            document.command(type as 'open-cycle', data, () => cycleId),
            state,
            context,
          );
          const days = daysOf(type === 'extend-cycle' ? cycle!.from : from, to);
          const others = state!.cycles.filter((other) => type === 'open-cycle' || other !== cycle);
          const free = others.every((other) => disjoint(days, daysOf(other.from, other.to)));
          const longer = type !== 'extend-cycle' || days.size > daysOf(cycle!.from, cycle!.to).size;
          const taken = type === 'withdraw-cycle' || (days.size > 0 && free && longer);
          expect({ type, from, to, taken: !isRefusal(decision) }).toEqual({ type, from, to, taken });
          if (isRefusal(decision)) return;
          for (const event of decision) state = documentDecider.evolve(state, event);
        });
      }),
      { numRuns: 100, seed: 20_260_615 },
    );
  });
});
