import { describe, expect, it } from '@jest/globals';
import { isRefusal } from '#shared-kernel';
import fc from 'fast-check';
import { daysOf, disjoint, partialDates } from '../../testing/days.js';
import { context } from '../../testing/decisions.js';
import { contributionDecider } from './decide.js';
import type { Contribution } from './contribution.js';
import type { ContributionKind } from './fields.js';
import { spanOf } from './rules.js';
import { contribution, ENDED, fields, funding, OPEN, recorded } from './testing/examples.js';

it.each<[{ from: string; to?: string }, ContributionKind, object]>([
  [{ from: '2002-11', to: '2009-02' }, 'personnel', { first: '2002-11-01', last: '2009-02-28' }],
  [{ from: '2014' }, 'personnel', { first: '2014-01-01' }],
  [{ from: '2014' }, 'staff-officers', { first: '2014-01-01' }],
  [{ from: '2014' }, 'funding', { first: '2014-01-01', last: '2014-12-31' }],
  [{ from: '2014-03-05' }, 'funding', { first: '2014-03-05', last: '2014-03-05' }],
  [{ from: '2014', to: '2016' }, 'funding', { first: '2014-01-01', last: '2016-12-31' }],
])('%j of %s spans %j', (segment, kind, span) => {
  expect(spanOf(segment, kind)).toEqual(span);
});

describe('segments', () => {
  // 2002-11 to 2009-01, and 2014 onwards.
  it.each([
    [{ from: '2009-02', to: '2013' }, []],
    [{ from: '2002', to: '2002-10-31' }, []],
    [{ from: '2013', to: '2012' }, ['/to EndBeforeStart']],
    [{ from: '2009', to: '2013' }, ['/from SegmentOverlaps']],
    [{ from: '2013', to: '2014-01-01' }, ['/from SegmentOverlaps']],
    [{ from: '2020', to: '2020' }, ['/from SegmentOverlaps']],
    [{ from: '2010' }, ['/from SegmentOverlaps']],
    [{ from: '2002' }, ['/from SegmentOverlaps', '/from SegmentOverlaps']],
  ])('%j: %j, added or recorded with the contribution', (segment, faults) => {
    expect(contribution.broken(recorded, 'add-segment', segment)).toEqual(faults);
    const segments = [{ from: '2002-11', to: '2009-01' }, { from: '2014' }, segment];
    expect(contribution.broken([], 'record', { ...fields, segments })).toEqual(
      faults.map((fault) => fault.replace('/', '/segments/2/')),
    );
  });

  it('are corrected without regard to what they were', () => {
    const correct = { segmentId: OPEN, reason: 'misread' };
    expect(contribution.broken(recorded, 'correct-segment', { ...correct, from: '2010' })).toEqual([]);
    expect(contribution.broken(recorded, 'correct-segment', { ...correct, from: '2009' })).toEqual([
      '/from SegmentOverlaps',
    ]);
  });

  it('say which other one is in the way, and both spans', () => {
    expect(contribution.given(...recorded).when('add-segment', { from: '2009', to: '2010' })).toMatchObject({
      errors: [
        {
          code: 'SegmentOverlaps',
          message: `2009-01-01 to 2010-12-31 overlaps the segment ${ENDED}, 2002-11-01 to 2009-01-31`,
        },
      ],
    });
  });

  it.each([
    ['personnel', fields],
    ['funding', funding],
  ] as const)(
    'of one contribution of %s never share a day, and are refused only if they would',
    (kind, described) => {
      const asked = fc.record({
        type: fc.constantFrom(
          'add-segment',
          'add-segment',
          'correct-segment',
          'end-segment',
          'withdraw-segment',
        ),
        pick: fc.nat(7),
        from: partialDates,
        to: fc.option(partialDates, { nil: undefined, freq: 6 }),
      });
      const modelled = (from: string, to?: string) => daysOf(from, kind === 'funding' ? (to ?? from) : to);
      fc.assert(
        fc.property(fc.array(asked, { maxLength: 12 }), (commands) => {
          const history = contribution.happens([], 'record', described);
          let state: Contribution | undefined = contribution.fold(history);
          commands.forEach(({ type: wanted, pick, from, to }, turn) => {
            const segment = state!.segments[pick % (state!.segments.length || 1)];
            const type = segment ? wanted : 'add-segment';
            const segmentId = `00000000-0000-4000-8000-${String(turn).padStart(12, '0')}`;
            const part = type === 'add-segment' ? {} : { segmentId: segment!.segmentId, reason: 'misread' };
            const data = { 'withdraw-segment': part, 'end-segment': { ...part, to: to ?? from } }[
              type as string
            ] ?? { ...part, from, to };
            const command = contribution.command(type as 'add-segment', data, () => segmentId);
            const decision = contributionDecider.decide(command, state, context);
            const days = type === 'end-segment' ? modelled(segment!.from, to ?? from) : modelled(from, to);
            const others = state!.segments.filter((other) => type === 'add-segment' || other !== segment);
            const free = others.every((other) => disjoint(days, modelled(other.from, other.to)));
            const open = type !== 'end-segment' || (kind !== 'funding' && segment!.to === undefined);
            const taken = type === 'withdraw-segment' || (days.size > 0 && free && open);
            expect({ type, from, to, taken: !isRefusal(decision) }).toEqual({ type, from, to, taken });
            if (isRefusal(decision)) return;
            for (const event of decision) state = contributionDecider.evolve(state, event);
          });
        }),
        { numRuns: 100, seed: 20_260_615 },
      );
    },
  );
});
