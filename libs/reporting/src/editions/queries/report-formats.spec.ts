import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { canonicalHash } from '#event-sourcing';
import type { DomainEvent } from '#shared-kernel';
import { idOf } from '#testing';
import type { Report } from '../../report.js';
import { startReporting, type Reporting } from '../../testing/reporting.js';
import { formatOf, newestFormat } from './report-formats.js';

const RECORDED = '2001-01-10T09:00:00.000Z';
const sources: readonly [] = [];

/** A little of everything that a report shows. Never change it: editions were published from the like. */
const history: readonly (readonly [stream: string, ...events: DomainEvent[]])[] = [
  [
    `activity-${idOf('held')}`,
    {
      type: 'ActivityLogged',
      data: {
        ...{ title: 'Held', kind: 'course', programme: 'ipcp', area: 'science', role: 'participant' },
        ...{
          organiser: { name: 'NATO School', kind: 'nato' },
          place: { country: 'DE' },
          startsOn: '2000-05-02',
        },
        ...{ goalIds: [], sources, held: { startsOn: '2000-05-02', endsOn: '2000-05-04' } },
      },
    },
    {
      type: 'ParticipationRecorded',
      data: {
        ...{ participationId: idOf('part'), country: 'AZ', institution: 'Academy', total: 5 },
        ...{ military: 3, civilian: 1, female: 2 },
      },
    },
    {
      type: 'CostRecorded',
      data: { costId: idOf('cost'), payer: 'Ally', amountMinor: 1_250, currency: 'EUR', status: 'known' },
    },
  ],
  [
    `activity-${idOf('planned')}`,
    {
      type: 'ActivityPlanned',
      data: {
        ...{ title: 'Planned', kind: 'exercise', programme: 'bilateral', role: 'host', startsOn: '2000' },
        ...{ goalIds: [], sources },
      },
    },
  ],
  [
    `dialogue-${idOf('talks')}`,
    {
      type: 'DialogueSessionLogged',
      data: {
        ...{
          title: 'Talks',
          format: 'eapc',
          level: 'minister',
          date: '2000-06',
          topics: ['Reform'],
          sources,
        },
        held: { date: '2000-06' },
      },
    },
    {
      type: 'FollowUpAgreed',
      data: { followUpId: idOf('task'), text: 'Plan', owner: 'Academy', dueOn: '2000-09' },
    },
  ],
  [
    `goal-${idOf('goal')}`,
    {
      type: 'GoalProposed',
      data: { code: 'G 1', title: 'Goal', branch: 'land', proposedOn: '1999', sources },
    },
    { type: 'GoalAssessed', data: { assessmentId: idOf('assessed'), on: '2000-10', status: 'accepted' } },
  ],
  [
    `contribution-${idOf('contribution')}`,
    {
      type: 'ContributionRecorded',
      data: { operation: 'KFOR', kind: 'personnel', unit: 'persons', sources },
    },
    { type: 'SegmentAdded', data: { segmentId: idOf('segment'), from: '1999-09', value: 34, sources } },
  ],
  [
    `document-${idOf('document')}`,
    { type: 'DocumentRecorded', data: { title: 'Framework', type: 'other', sources } },
    {
      type: 'MilestoneReached',
      data: { milestoneId: idOf('agreed'), milestone: 'agreed', on: '1994-05-04', sources },
    },
    {
      type: 'CycleOpened',
      data: { cycleId: idOf('cycle'), from: '1999', to: '2001', status: 'active', sources },
    },
  ],
];

describe('the format of published reports', () => {
  let reporting: Reporting;
  beforeAll(async () => {
    reporting = await startReporting();
    for (const [stream, ...events] of history) await reporting.append(stream, events, RECORDED);
    reporting.clock.time = '2001-02-01T12:00:00.000Z';
    for (const year of [1999, 2000]) {
      const { body } = await reporting.post(`/reports/annual/${year}/publish`);
      await reporting.projected(BigInt(body.position));
    }
  });
  afterAll(() => reporting?.stop());

  /**
   * When this fails, a report would come out otherwise than it was published, and every edition be refused. Do not change
   * the hash of a format: keep its makers under its number in report-formats.ts, raise `newestFormat`, and add a line here.
   */
  it.each([[1, '1462ad07a3b3b4e451deaea9c5560213db348ce14f22d029a3aa229e813b35af']])(
    '%i gives of one history always the same report',
    async (format, sha256) => {
      expect(format).toBe(newestFormat);
      const { body } = await reporting.get('/reports/annual/2000/editions/1');
      // Positions are the store's own.
      const report = { ...(body.report as Report), asOf: { position: '0', time: body.asOf.time } };
      expect(canonicalHash(report)).toBe(sha256);
    },
  );

  it('is one that this program knows, else it says so', () => {
    expect(() => formatOf(newestFormat + 1)).toThrow(`does not know the report format ${newestFormat + 1}`);
  });
});
