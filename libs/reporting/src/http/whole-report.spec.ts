import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DomainEvent } from '#shared-kernel';
import { idOf } from '#testing';
import request from 'supertest';
import type { CycleReport, Report } from '../report.js';
import { startReporting, type Reporting } from '../testing/reporting.js';

const RECORDED = '2026-01-10T09:00:00.000Z';
const NOW = '2026-06-15T12:00:00.000Z';

describe('the parts of a report beside activities', () => {
  let reporting: Reporting;
  beforeAll(async () => {
    reporting = await startReporting();
    reporting.clock.time = NOW;
  });
  afterAll(() => reporting?.stop());

  const append = (stream: string, ...events: DomainEvent[]) => reporting.append(stream, events, RECORDED);
  const get = (path: string) => request(reporting.server).get(`/api/v1/reports/${path}`);
  const report = async (path: string) => {
    await reporting.projected();
    return (await get(path).expect(200)).body as Report;
  };

  describe('dialogue', () => {
    const session = (name: string, fields: object, ...later: DomainEvent[]) =>
      append(
        `dialogue-${idOf(name)}`,
        {
          type: 'DialogueSessionScheduled',
          data: { title: name, format: 'staff-talks', topics: [], sources: [], ...fields },
        },
        ...later,
      );
    const held = (date: string): DomainEvent => ({ type: 'DialogueSessionHeld', data: { date } });
    const followUp = (name: string, data: object = {}): DomainEvent => ({
      type: 'FollowUpAgreed',
      data: { followUpId: idOf(name), text: name, owner: 'Ministry of Defence', ...data },
    });

    beforeAll(async () => {
      const summit = { format: 'summit', level: 'head-of-state', topics: ['partnership', 'Afghanistan'] };
      await session(
        'in a day',
        { ...summit, date: '2024-03-17' },
        held('2024-03-18'),
        followUp('done'),
        followUp('late', { dueOn: '2024-05' }),
        followUp('not yet', { dueOn: '2026-06-15' }),
        followUp('dropped'),
        { type: 'FollowUpCompleted', data: { followUpId: idOf('done') } },
        { type: 'FollowUpDropped', data: { followUpId: idOf('dropped'), reason: 'overtaken' } },
      );
      await session('in a month', { date: '2024-03', topics: ['partnership'] }, held('2024-03'), {
        type: 'MinutesRecorded',
        data: { summary: 'went on', decisions: [] },
      });
      await session('in a year', { date: '2024' }, held('2024'));
      await session('planned', { ...summit, date: '2024-11-01' }, followUp('of one not held'));
      await session(
        'called off',
        { date: '2024-12-01' },
        {
          type: 'DialogueSessionCancelled',
          data: { reason: 'snow' },
        },
      );
      await session(
        'by mistake',
        { date: '2024-12-02' },
        {
          type: 'DialogueSessionWithdrawn',
          data: { reason: 'entered twice' },
        },
      );
      await session('another year', { date: '2025-01-01' }, held('2025-01-01'));
    });

    it('counts sessions by state, format, level, topic and month, and what was agreed in those held', async () => {
      const { dialogue } = await report('annual/2024');
      expect(dialogue).toEqual({
        sessions: 3,
        planned: 1,
        cancelled: 1,
        byFormat: [
          { key: 'staff-talks', planned: 0, held: 2, cancelled: 1 },
          { key: 'summit', planned: 1, held: 1, cancelled: 0 },
        ],
        byLevel: [
          { key: 'head-of-state', planned: 1, held: 1, cancelled: 0 },
          { key: 'not-recorded', planned: 0, held: 2, cancelled: 1 },
        ],
        byTopic: [
          { key: 'Afghanistan', planned: 1, held: 1, cancelled: 0 },
          { key: 'partnership', planned: 1, held: 2, cancelled: 0 },
          { key: 'not-recorded', planned: 0, held: 1, cancelled: 1 },
        ],
        byMonth: [
          { key: '2024-03', planned: 0, held: 2, cancelled: 0 },
          { key: '2024-11', planned: 1, held: 0, cancelled: 0 },
          { key: '2024-12', planned: 0, held: 0, cancelled: 1 },
          { key: 'not-known', planned: 0, held: 1, cancelled: 0 },
        ],
        followUps: { agreed: 4, completed: 1, dropped: 1, open: 2, overdue: 1 },
      });
    });

    it('places a session only in a period that holds all that its date may mean', async () => {
      const { dialogue } = await report('period?from=2024-03&to=2024-06');
      expect(dialogue.sessions).toBe(2);
      expect((await report('period?from=2024-03-10&to=2024-06')).dialogue.sessions).toBe(1);
    });
  });

  describe('goals', () => {
    const goal = (code: string, fields: object, ...assessments: [on: string, status: string][]) =>
      append(
        `goal-${idOf(code)}`,
        { type: 'GoalProposed', data: { code, title: code, branch: 'land', sources: [], ...fields } },
        ...assessments.map(([on, status]) => ({
          type: 'GoalAssessed',
          data: { assessmentId: idOf(`${code} ${on}`), on, status },
        })),
      );

    beforeAll(async () => {
      await goal('L 1', { proposedOn: '2013-05' }, ['2014', 'accepted'], ['2015-06-30', 'implemented']);
      await goal('L 2', { proposedOn: '2014-01-01' });
      await goal('L 3', {}, ['2014-10', 'in-progress']);
      await goal('L 4', {});
    });

    it.each([
      ['2012', [], 0],
      ['2013', [{ key: 'proposed', goals: 1 }], 0],
      [
        '2014',
        [
          { key: 'accepted', goals: 1 },
          { key: 'in-progress', goals: 1 },
          { key: 'proposed', goals: 1 },
        ],
        2,
      ],
      [
        '2015',
        [
          { key: 'implemented', goals: 1 },
          { key: 'in-progress', goals: 1 },
          { key: 'proposed', goals: 1 },
        ],
        1,
      ],
    ])('stand at the end of %s as their assessments until then say', async (year, byStatus, assessed) => {
      const total = byStatus.reduce((sum, { goals }) => sum + goals, 0);
      expect((await report(`annual/${year}`)).goals).toEqual({ total, byStatus, assessed, undated: 1 });
    });
  });

  describe('contributions', () => {
    const contribution = (name: string, fields: object, ...segments: object[]) =>
      append(
        `contribution-${idOf(name)}`,
        {
          type: 'ContributionRecorded',
          data: { operation: name, kind: 'personnel', unit: 'persons', sources: [], ...fields },
        },
        ...segments.map((segment, index) => ({
          type: 'SegmentAdded',
          data: { segmentId: idOf(`${name} ${index}`), sources: [], ...segment },
        })),
      );

    beforeAll(async () => {
      await contribution(
        'ISAF',
        {},
        { from: '2002-11-20', to: '2008-01-14', value: 22 },
        { from: '2008-01-15', to: '2009-02-26', value: 45 },
      );
      await contribution('KFOR', {}, { from: '1999-09', to: '2008-04', value: 34 });
      await contribution('EADRCC', {}, { from: '2009' });
      const fund = { kind: 'funding', unit: 'EUR', basis: 'paid' };
      await contribution('Trust Fund', fund, { from: '2012', value: 1_000_000 });
      await contribution('RSM', {}, { from: '2026-06-01', value: 30 });
      await contribution('by mistake', {}, { from: '2008', value: 1 });
      await append(`contribution-${idOf('by mistake')}`, {
        type: 'ContributionWithdrawn',
        data: { reason: 'entered twice' },
      });
    });

    const figures = async (year: number) =>
      Object.fromEntries(
        (await report(`annual/${year}`)).contributions.map(
          ({ operation, peak, yearEnd, personMonths, amount }) => [
            operation,
            amount === undefined ? [peak, yearEnd, personMonths] : amount,
          ],
        ),
      );

    it('are shown by their peak, the end of the year and person-months, each for itself', async () => {
      expect(await figures(2008)).toEqual({ ISAF: [45, 45, 529.61], KFOR: [34, 0, 136] });
      expect(await figures(2009)).toEqual({ ISAF: [45, 0, 86.79], EADRCC: [null, null, null] });
    });

    it('of money are counted once, by the date they are known under', async () => {
      expect(await figures(2012)).toEqual({ EADRCC: [null, null, null], 'Trust Fund': 1_000_000 });
      expect(await figures(2013)).toEqual({ EADRCC: [null, null, null] });
    });

    it('of a year under way count up to the day of the report', async () => {
      expect((await figures(2026)).RSM).toEqual([30, 30, 15]);
    });
  });

  describe('documents and cycles', () => {
    const ipap = idOf('IPAP');
    const cycle = (from: string, to: string): DomainEvent => ({
      type: 'CycleOpened',
      data: { cycleId: idOf(`cycle ${from}`), from, to, status: 'completed', sources: [] },
    });
    const document = (name: string, ...events: DomainEvent[]) =>
      append(
        `document-${idOf(name)}`,
        { type: 'DocumentRecorded', data: { title: name, type: 'ipap', sources: [] } },
        ...events,
      );
    const milestone = (name: string, reached: string, on?: string): DomainEvent => ({
      type: 'MilestoneReached',
      data: { milestoneId: idOf(`${name} ${reached}`), milestone: reached, on, sources: [] },
    });

    beforeAll(async () => {
      await document(
        'IPAP',
        milestone('IPAP', 'presented', '2004-05'),
        milestone('IPAP', 'agreed', '2005-05-27'),
        cycle('2005', '2007'),
        cycle('2008', '2010'),
        cycle('2012', '2013'),
      );
      await document(
        'NACC',
        milestone('NACC', 'in-force', '1992-03'),
        milestone('NACC', 'superseded', '1997'),
      );
      await document('ITPP', milestone('ITPP', 'in-force'));
      const activity = (name: string, startsOn: string, changes: object = {}) =>
        append(`activity-${idOf(name)}`, {
          type: 'ActivityLogged',
          data: {
            ...{ title: name, kind: 'course', programme: 'ipap', role: 'participant', startsOn },
            ...{ goalIds: [], sources: [], held: { startsOn }, ...changes },
          },
        });
      await activity('in the cycle', '2009-05-11');
      await activity('of the cycle', '2008-01-01', { cycleId: idOf('cycle 2008') });
      await activity('before', '2006-02', { cycleId: idOf('cycle 2005') });
      await activity('between', '2011-02');
    });
    const titles = async (path: string) =>
      (await report(path)).documents.map(({ title, status, since, cycles }) => [
        ...[title, status, since],
        cycles.map(({ from, to }) => `${from}–${to}`).join(),
      ]);

    it('are shown with the status they had at the end of the period, and the cycles that ran in it', async () => {
      expect(await titles('annual/1993')).toEqual([['NACC', 'in-force', '1992-03', '']]);
      expect(await titles('annual/1997')).toEqual([['NACC', 'superseded', '1997', '']]);
      expect(await titles('annual/1998')).toEqual([]);
      expect(await titles('annual/2004')).toEqual([['IPAP', 'presented', '2004-05', '']]);
      expect(await titles('annual/2009')).toEqual([['IPAP', 'agreed', '2005-05-27', '2008–2010']]);
      expect(await titles('annual/2011')).toEqual([['IPAP', 'agreed', '2005-05-27', '']]);
      expect((await report('annual/2011')).documentsUndated).toBe(1);
    });

    it('a cycle has a report of its own, beside the cycle before', async () => {
      const answered = (await report(`cycles/${idOf('cycle 2008')}`)) as CycleReport;
      expect(answered.period).toEqual({ from: '2008-01-01', to: '2010-12-31', label: 'IPAP (2008–2010)' });
      expect(answered.cycle).toMatchObject({ documentId: ipap, document: 'IPAP', status: 'completed' });
      expect(answered.cycle.linked).toEqual({ activities: 1, sessions: 0, goals: 0 });
      expect(answered.activities.held).toBe(2);
      expect(answered.previous).toMatchObject({ label: 'IPAP (2005–2007)', activities: { held: 1 } });
      expect(answered.change!.activities.held).toBe(1);
      expect(answered.contributions.map(({ operation }) => operation)).toEqual(['EADRCC', 'ISAF', 'KFOR']);
    });

    it('the first cycle of a document is compared with none, and one that is not there is 404', async () => {
      const first = await report(`cycles/${idOf('cycle 2005')}`);
      expect([first.previous, first.change]).toEqual([null, null]);
      const { status, body } = await get(`cycles/${idOf('no such cycle')}`);
      expect({ status, code: body.code }).toEqual({ status: 404, code: 'CycleNotFound' });
    });
  });

  it('are of one state: what was recorded later in any context is not in a report as of a position', async () => {
    await reporting.projected();
    const before = (await get('annual/2024').expect(200)).body as Report;
    await append(`dialogue-${idOf('in a day')}`, followUpLater);
    const between = (await report('annual/2024')).asOf.position;
    await append(`goal-${idOf('L 2')}`, {
      type: 'GoalAssessed',
      data: { assessmentId: idOf('late'), on: '2024-02', status: 'accepted' },
    });
    await reporting.projected();
    const asOf = (position: string) => get(`annual/2024?asOfPosition=${position}`).expect(200);
    const { body: then } = (await asOf(before.asOf.position)) as { body: Report };
    expect(then).toEqual({ ...before, asOf: { ...before.asOf, time: then.asOf.time } });
    const { body: middle } = (await asOf(between)) as { body: Report };
    expect(middle.dialogue.followUps.agreed).toBe(5);
    expect(middle.goals).toEqual(before.goals);
    expect((await report('annual/2024')).goals).not.toEqual(before.goals);
  });

  it('come as CSV, one figure a line', async () => {
    await reporting.projected();
    const { text } = await get('annual/2008?format=csv').expect(200);
    const lines = text.split('\r\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'contributions,"ISAF, personnel, persons",personMonths,529.61',
        'contributions.segments,"ISAF, personnel, persons",2008-01-15/2009-02-26,45',
        `documents,${idOf('IPAP')},title,IPAP`,
        `documents,${idOf('IPAP')},status,agreed`,
        `documents.cycles,${idOf('IPAP')},2008/2010,completed`,
        'dialogue,,sessions,0',
        'goals,,undated,1',
      ]),
    );
  });
});

const followUpLater: DomainEvent = {
  type: 'FollowUpAgreed',
  data: { followUpId: idOf('later'), text: 'later', owner: 'Ministry of Defence' },
};
