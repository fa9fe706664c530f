import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UNKNOWN } from '../../testing/decisions.js';
import { everyPage, startPartnershipApi, walk, type PartnershipApi } from '../../testing/partnership-api.js';
import { documentStream } from '../domain/events.js';

const reason = 'misread';
const plan = { type: 'ipap', title: 'Individual Partnership Action Plan' };

describe('documents', () => {
  let api: PartnershipApi;

  beforeAll(async () => {
    api = await startPartnershipApi();
  });
  afterAll(() => api?.stop());

  const titles = async (query: string) => {
    const { status, body } = await api.get(`/documents?${query}`);
    expect({ status, body }).toMatchObject({ status: 200 });
    return (body.items as { title: string }[]).map(({ title }) => title);
  };

  it('are recorded whole, changed by every command, withdrawn and reinstated', async () => {
    const recorded = await api.post('/documents', {
      ...plan,
      milestones: [{ milestone: 'presented', on: '2004-05' }],
      cycles: [
        { from: '2008', to: '2010' },
        { from: '2005', to: '2007', status: 'completed', agreedOn: '2005-05-27' },
      ],
    });
    expect(recorded).toMatchObject({ status: 201, body: { revision: 3 } });
    const { id } = recorded.body;
    const path = `/documents/${id}`;
    expect(recorded.headers.location).toBe(`/api/v1${path}`);
    const shown = await api.get(path);
    expect(shown.headers.etag).toBe('"3"');
    expect(shown.body).toMatchObject({
      ...plan,
      status: 'presented',
      milestones: [{ milestone: 'presented', on: '2004-05' }],
      cycles: [
        { from: '2005', to: '2007', status: 'completed', agreedOn: '2005-05-27' },
        { from: '2008', to: '2010', status: 'planned' },
      ],
      revision: 3,
    });
    const { milestoneId } = shown.body.milestones[0];
    const { cycleId } = shown.body.cycles[1];
    const cycle = `cycles/${cycleId}`;

    const types = await walk(api, documentStream(id), path, [
      ['amend', { title: 'Action Plan', reason }],
      ['milestones', { milestone: 'agreed', on: '2005-05-27' }, 201],
      [`milestones/${milestoneId}/correct`, { milestone: 'drafted', on: '2004', reason }],
      [`milestones/${milestoneId}/withdraw`, { reason }],
      ['cycles', { from: '2012', to: '2013' }, 201],
      [`${cycle}/activate`],
      [`${cycle}/extend`, { to: '2011', reason }],
      [`${cycle}/complete`, {}],
      [`${cycle}/correct`, { from: '2008', to: '2010', title: 'Second', reason }],
    ]);
    expect(types.slice(4)).toEqual([
      'DocumentAmended',
      'MilestoneReached',
      'MilestoneCorrected',
      'MilestoneWithdrawn',
      'CycleOpened',
      'CycleActivated',
      'CycleExtended',
      'CycleCompleted',
      'CycleCorrected',
    ]);
    expect((await api.get(path)).body).toMatchObject({
      title: 'Action Plan',
      status: 'agreed',
      milestones: [{ milestone: 'agreed' }],
      cycles: [
        { from: '2005' },
        { cycleId, from: '2008', title: 'Second', status: 'completed' },
        { from: '2012' },
      ],
    });
    expect((await api.get(path)).body.cycles[1]).not.toHaveProperty('reason');
    expect((await api.get(`${path}?revision=3`)).body).toMatchObject({
      title: plan.title,
      status: 'presented',
    });
    const { items } = (await api.get(`${path}/history`)).body;
    expect(items.at(-5)).toMatchObject({ type: 'DocumentAmended', reason, actor: { id: 'staff-1' } });

    await walk(api, documentStream(id), path, [
      [`${cycle}/withdraw`, { reason }],
      ['withdraw', { reason }],
    ]);
    expect((await api.get(path)).body).toMatchObject({ status: 'withdrawn', cycles: [{}, {}] });
    expect(await api.post(`${path}/amend`, { title: 'Again' })).toMatchObject({
      status: 409,
      body: { code: 'DocumentWithdrawn' },
    });
    await walk(api, documentStream(id), path, [['reinstate', { reason }]]);
    expect((await api.get(path)).body).toMatchObject({ status: 'agreed', cycles: [{}, {}] });
    expect(await api.post(`${path}/reinstate`, { reason })).toMatchObject({
      status: 409,
      body: { code: 'DocumentNotWithdrawn' },
    });
  });

  it('answer the id of a new milestone or cycle, the same to the same key', async () => {
    const { id } = (await api.post('/documents', plan)).body;
    const key = { 'Idempotency-Key': 'cycle 1' };
    const cycle = { from: '2005', to: '2007' };
    const [first, second] = [
      await api.post(`/documents/${id}/cycles`, cycle, key),
      await api.post(`/documents/${id}/cycles`, cycle, key),
    ];
    expect(second.body).toEqual(first.body);
    const milestone = await api.post(`/documents/${id}/milestones`, { milestone: 'drafted' });
    expect((await api.get(`/documents/${id}`)).body).toMatchObject({
      cycles: [{ cycleId: first.body.cycleId }],
      milestones: [{ milestoneId: milestone.body.milestoneId }],
    });
    const stale = await api.post(`/documents/${id}/amend`, { title: 'Other' }, { 'If-Match': '"0"' });
    expect(stale).toMatchObject({ status: 412, body: { code: 'StaleRevision' } });
  });

  it('are one a reference, however it is written', async () => {
    expect((await api.post('/documents', { ...plan, reference: 'PO(2005) 47' })).status).toBe(201);
    expect(await api.post('/documents', { ...plan, reference: ' po(2005)  47' })).toMatchObject({
      status: 409,
      body: { code: 'DocumentExists' },
    });
  });

  it('refuse a cycle on days of another, naming it and both spans', async () => {
    const { id } = (await api.post('/documents', { ...plan, cycles: [{ from: '2005', to: '2007' }] })).body;
    const { cycleId } = (await api.get(`/documents/${id}`)).body.cycles[0];
    const answer = await api.post(`/documents/${id}/cycles`, { from: '2007-12', to: '2009' });
    const message = `2007-12-01 to 2009-12-31 overlaps the cycle ${cycleId}, 2005-01-01 to 2007-12-31`;
    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'CycleOverlaps', errors: [{ pointer: '/from', code: 'CycleOverlaps', message }] },
    });
  });

  it('are found by each filter, withdrawn ones only when asked for', async () => {
    const record = async (body: object) => (await api.post('/documents', body)).body.id as string;
    await record({ type: 'parp', title: 'Überblick über Ziele', reference: 'F-1' });
    await record({ type: 'parp', title: 'F 100% _two_', milestones: [{ milestone: 'in-force' }] });
    const gone = await record({ type: 'parp', title: 'F three', milestones: [{ milestone: 'in-force' }] });
    await api.post(`/documents/${gone}/withdraw`, { reason });
    expect(await titles('type=parp')).toEqual(['F 100% _two_', 'Überblick über Ziele']);
    expect(await titles('type=parp&status=in-force')).toEqual(['F 100% _two_']);
    expect(await titles('type=parp&status=recorded')).toEqual(['Überblick über Ziele']);
    expect(await titles('type=parp&status=withdrawn')).toEqual(['F three']);
    expect(await titles('type=parp&q=uber%20f-1')).toEqual(['Überblick über Ziele']);
    expect(await titles('type=parp&q=%25')).toEqual(['F 100% _two_']);
    expect((await api.get('/documents?type=parp&total=true')).body).toMatchObject({
      total: 2,
      items: [{ type: 'parp', title: 'F 100% _two_', status: 'in-force' }, { reference: 'F-1' }],
    });
  });

  it('are each listed once, page by page, in the order of their titles’ characters', async () => {
    // Orders that a language would give differ from that of the characters: case, accents, letters beyond the plane.
    const all = ['a', 'B', 'Ä', 'ä', 'Zz', 'z', 'ə', '𝒜', '"q\\', 'a', 'B b', '１'];
    for (const title of all) await api.post('/documents', { type: 'statistics', title });
    const byTitle = await everyPage(api, '/documents?type=statistics&sort=title', 'title', 3);
    expect(byTitle).toEqual(
      [...all].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other))),
    );
    const byTime = await everyPage(api, '/documents?type=statistics&sort=recordedAt', 'title', 5);
    expect([...byTime].sort()).toEqual([...all].sort());
  });

  it('are shown and listed as they were known at a past time', async () => {
    api.setClock('2026-06-16T09:00:00.000Z');
    const { id } = (await api.post('/documents', { type: 'deep', title: 'as recorded' })).body;
    api.setClock('2026-06-17T09:00:00.000Z');
    await api.post(`/documents/${id}/amend`, { title: 'as amended' });
    await api.post(`/documents/${id}/milestones`, { milestone: 'in-force' });
    api.setClock('2026-06-18T09:00:00.000Z');
    expect(await titles('type=deep')).toEqual(['as amended']);
    const then = 'asOf=2026-06-17T08:59:59Z';
    expect(await titles(`type=deep&${then}`)).toEqual(['as recorded']);
    expect(await titles(`type=deep&asOf=2026-06-16T08:59:59Z`)).toEqual([]);
    expect((await api.get(`/documents/${id}?${then}`)).body).toMatchObject({
      title: 'as recorded',
      status: 'recorded',
    });
    expect((await api.get(`/documents/${id}`)).body).toMatchObject({
      title: 'as amended',
      status: 'in-force',
    });
  });

  it.each([
    ['/documents?colour=red', 400, 'Invalid'],
    ['/documents?type=letter', 400, 'Invalid'],
    ['/documents?sort=type', 400, 'Invalid'],
    [`/documents/${UNKNOWN}`, 404, 'DocumentNotFound'],
    [`/documents/${UNKNOWN}/history`, 404, 'DocumentNotFound'],
  ])('answer GET %s with %i %s', async (url, status, code) => {
    expect(await api.get(url)).toMatchObject({ status, body: { code } });
  });

  it.each([
    ['', { ...plan, colour: 'red' }, 400, 'Invalid'],
    ['', { ...plan, cycles: [{ from: '2005' }] }, 400, 'Invalid'],
    [`/${UNKNOWN}/amend`, { reference: 'PO(2005)48' }, 400, 'Invalid'],
    [`/${UNKNOWN}/withdraw`, {}, 400, 'Invalid'],
    [`/${UNKNOWN}/withdraw`, { reason }, 404, 'DocumentNotFound'],
    ['', { ...plan, milestones: [{ milestone: 'agreed', on: '2027' }] }, 422, 'MilestoneInFuture'],
    ['', { ...plan, cycles: [{ from: '2027', to: '2028', status: 'active' }] }, 422, 'CycleInFuture'],
  ])('answer POST /documents%s %j with %i %s', async (path, body, status, code) => {
    expect(await api.post(`/documents${path}`, body)).toMatchObject({ status, body: { code } });
  });
});
