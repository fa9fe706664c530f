import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { activityStream, type ActivityEvent } from '#activities';
import { idOf } from '#testing';
import { UNKNOWN } from '../../testing/decisions.js';
import { everyPage, startPartnershipApi, walk, type PartnershipApi } from '../../testing/partnership-api.js';
import { goalStream } from '../domain/events.js';

const reason = 'misread';
const goal = { code: 'G 2713', title: 'Language training', branch: 'general' };
const [document, cycle] = [idOf('document'), idOf('cycle')];

describe('goals', () => {
  let api: PartnershipApi;

  beforeAll(async () => {
    api = await startPartnershipApi();
  });
  afterAll(() => api?.stop());

  const codes = async (query: string) => {
    const { status, body } = await api.get(`/goals?${query}`);
    expect({ status, body }).toMatchObject({ status: 200 });
    return (body.items as { code: string }[]).map(({ code }) => code);
  };
  const propose = async (fields: object) =>
    (await api.post('/goals', { ...goal, ...fields })).body.id as string;
  const recordActivity = (name: string, recordedAt: string, ...events: ActivityEvent[]) =>
    api.model.record(activityStream(idOf(name)), events, recordedAt);
  const planned = (title: string, startsOn: string, goalIds: string[]): ActivityEvent => ({
    type: 'ActivityPlanned',
    data: { title, kind: 'course', programme: 'parp', role: 'participant', startsOn, goalIds, sources: [] },
  });

  it('are proposed, amended and assessed', async () => {
    const answer = await api.post('/goals', { ...goal, documentId: document, proposedOn: '2008' });
    const { id } = answer.body;
    expect(answer).toMatchObject({ status: 201, headers: { location: `/api/v1/goals/${id}`, etag: '"0"' } });
    const first = await api.post(`/goals/${id}/assessments`, { on: '2010', status: 'in-progress' });
    expect(first.status).toBe(201);
    const { assessmentId } = first.body;
    const types = await walk(api, goalStream(id), `/goals/${id}`, [
      ['amend', { title: 'Languages', cycleId: cycle, reason }],
      ['assessments', { on: '2009', status: 'accepted', note: 'in part' }, 201],
      [`assessments/${assessmentId}/correct`, { on: '2011', status: 'implemented', reason }],
    ]);
    expect(types).toEqual([
      'GoalProposed',
      'GoalAssessed',
      'GoalAmended',
      'GoalAssessed',
      'AssessmentCorrected',
    ]);
    expect((await api.get(`/goals/${id}`)).body).toMatchObject({
      ...goal,
      title: 'Languages',
      documentId: document,
      cycleId: cycle,
      proposedOn: '2008',
      status: 'implemented',
      assessments: [
        { status: 'accepted', note: 'in part' },
        { assessmentId, status: 'implemented', on: '2011' },
      ],
      activities: [],
    });
    expect((await api.get(`/goals/${id}?revision=1`)).body).toMatchObject({ status: 'in-progress' });
    await walk(api, goalStream(id), `/goals/${id}`, [[`assessments/${assessmentId}/withdraw`, { reason }]]);
    expect((await api.get(`/goals/${id}`)).body.status).toBe('accepted');
    expect((await api.get(`/goals/${id}/history`)).body.items).toHaveLength(6);
  });

  it('are one a code in a document', async () => {
    expect((await api.post('/goals', { ...goal, code: 'L 1' })).status).toBe(201);
    expect((await api.post('/goals', { ...goal, code: 'L 1', documentId: document })).status).toBe(201);
    expect(await api.post('/goals', { ...goal, code: ' l  1', documentId: document })).toMatchObject({
      status: 409,
      body: { code: 'GoalExists' },
    });
  });

  it('are assessed no more once they are transferred', async () => {
    const id = await propose({ code: 'T 1' });
    await api.post(`/goals/${id}/assessments`, { on: '2010', status: 'transferred' });
    expect(await api.post(`/goals/${id}/assessments`, { on: '2011', status: 'implemented' })).toMatchObject({
      status: 409,
      body: { code: 'GoalClosed' },
    });
  });

  it('show the activities that name them, as of the instant asked for', async () => {
    api.setClock('2026-06-18T09:00:00.000Z');
    const id = await propose({ code: 'A 1' });
    const other = await propose({ code: 'A 2' });
    const at = (day: number) => `2026-06-${day}T10:00:00.000Z`;
    await recordActivity('second', at(19), planned('Second', '2026-03', [other, id]));
    await recordActivity('first', at(20), planned('First', '2026-02', [id]));
    await recordActivity('neither', at(20), planned('Neither', '2026-02', []));
    api.setClock('2026-06-21T09:00:00.000Z');
    const { revision } = (await api.post(`/goals/${id}/amend`, { title: 'Renamed' })).body;
    await recordActivity('second', at(22), {
      type: 'ActivityAmended',
      data: { changes: { goalIds: [other] } },
    });
    await recordActivity('first', at(22), { type: 'ActivityApproved', data: {} });
    await api.model.projected();
    api.setClock('2026-06-23T09:00:00.000Z');
    const activities = async (query = '') => (await api.get(`/goals/${id}${query}`)).body.activities;
    const [first, second] = [
      { id: idOf('first'), title: 'First', status: 'proposed', startsOn: '2026-02' },
      { id: idOf('second'), title: 'Second', status: 'proposed', startsOn: '2026-03' },
    ];
    expect(await activities()).toEqual([{ ...first, status: 'approved' }]);
    expect(await activities(`?asOf=${at(20)}`)).toEqual([first, second]);
    expect(await activities(`?asOf=${at(19)}`)).toEqual([second]);
    expect(await activities('?revision=0')).toEqual([]);
    expect(await activities(`?revision=${revision}`)).toEqual([first, second]);
  });

  it('are found by each filter, in the order of their codes', async () => {
    const id = await propose({ code: 'F 2', branch: 'navy', documentId: idOf('filtered') });
    await propose({
      code: 'F 10',
      branch: 'air',
      documentId: idOf('filtered'),
      cycleId: cycle,
      title: 'Übung',
    });
    await api.post(`/goals/${id}/assessments`, { on: '2010', status: 'withdrawn' });
    const of = `documentId=${idOf('filtered')}`;
    expect(await codes(of)).toEqual(['F 10', 'F 2']);
    expect(await codes(`${of}&sort=recordedAt`)).toHaveLength(2);
    expect(await codes(`${of}&code=f%202`)).toEqual(['F 2']);
    expect(await codes(`${of}&status=withdrawn`)).toEqual(['F 2']);
    expect(await codes(`${of}&status=proposed`)).toEqual(['F 10']);
    expect(await codes(`${of}&branch=navy`)).toEqual(['F 2']);
    expect(await codes(`${of}&cycleId=${cycle}`)).toEqual(['F 10']);
    expect(await codes(`${of}&q=ubung`)).toEqual(['F 10']);
    expect(await everyPage(api, `/goals?${of}`, 'code', 1)).toEqual(['F 10', 'F 2']);
  });

  it.each([
    ['/goals?branch=space', 400, 'Invalid'],
    [`/goals/${UNKNOWN}`, 404, 'GoalNotFound'],
    [`/goals/${idOf('nobody')}?asOf=2020-01-01T00:00:00Z`, 404, 'GoalNotFound'],
    [`/goals/${UNKNOWN}?asOf=2036-01-01T00:00:00Z`, 400, 'AsOfInFuture'],
  ])('answer GET %s with %i %s', async (url, status, code) => {
    expect(await api.get(url)).toMatchObject({ status, body: { code } });
  });
});
