import { describe, expect, it } from '@jest/globals';
import type { AnnualReportCommand, AskedAnnualReportCommand } from './commands.js';
import { annualReportDecider } from './decide.js';
import type { AnnualReportEvent } from './events.js';
import { frozen } from './testing/examples.js';

const published: AnnualReportEvent = { type: 'AnnualReportPublished', data: { ...frozen, edition: 1 } };
const amended: AnnualReportEvent = {
  type: 'AnnualReportAmended',
  data: { ...frozen, edition: 2, reason: 'recount' },
};

const given =
  (...history: readonly AnnualReportEvent[]) =>
  (asked: Pick<AskedAnnualReportCommand, 'type' | 'data'>, year = '2025') => {
    const state = history.reduce(annualReportDecider.evolve, annualReportDecider.initialState);
    const command = { ...asked, id: year, newId: () => '', frozen } as AnnualReportCommand;
    const context = { actor: { id: 'staff-1', roles: [] }, now: '2026-01-31T12:00:00.000Z' };
    return annualReportDecider.decide(command, state, context);
  };
const publish = { type: 'publish', data: { note: 'for the board' } } as const;
const amend = { type: 'amend', data: { reason: 'recount' } } as const;

describe('an annual report', () => {
  it('is published as edition 1 with what was frozen', () => {
    expect(given()(publish)).toEqual([
      { type: 'AnnualReportPublished', data: { ...frozen, edition: 1, note: 'for the board' } },
    ]);
  });

  it.each([
    [[published], 2],
    [[published, amended], 3],
  ])('is amended by one edition after another', (history, edition) => {
    expect(given(...history)(amend)).toEqual([
      { type: 'AnnualReportAmended', data: { ...frozen, edition, reason: 'recount' } },
    ]);
  });

  it.each([
    ['published twice', [published], publish, '2025', 'AnnualReportPublished', 'state'],
    [
      'published again once it is amended',
      [published, amended],
      publish,
      '2025',
      'AnnualReportPublished',
      'state',
    ],
    ['amended before it is published', [], amend, '2025', 'AnnualReportNotPublished', 'state'],
    ['published before its year begins', [], publish, '2027', 'YearNotBegun', 'rule'],
  ] as const)('is not %s', (_, history, asked, year, code, refused) => {
    expect(given(...history)(asked, year)).toMatchObject({ refused, errors: [{ code }] });
  });

  it('is published while its year is under way', () => {
    expect(given()(publish, '2026')).toMatchObject([{ type: 'AnnualReportPublished' }]);
  });
});
