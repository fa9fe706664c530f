import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UNKNOWN } from '../../testing/decisions.js';
import { everyPage, startPartnershipApi, walk, type PartnershipApi } from '../../testing/partnership-api.js';
import { contributionStream } from '../domain/events.js';

const reason = 'misread';
const persons = { kind: 'personnel', unit: 'persons' };
const money = { kind: 'funding', unit: 'EUR', basis: 'paid' };

describe('contributions', () => {
  let api: PartnershipApi;

  beforeAll(async () => {
    api = await startPartnershipApi();
  });
  afterAll(() => api?.stop());

  const operations = async (query: string) => {
    const { status, body } = await api.get(`/contributions?${query}`);
    expect({ status, body }).toMatchObject({ status: 200 });
    return (body.items as { operation: string }[]).map(({ operation }) => operation);
  };

  it('are recorded whole, changed by every command, withdrawn and reinstated', async () => {
    const answer = await api.post('/contributions', {
      operation: 'ISAF',
      ...persons,
      segments: [
        { from: '2009-02', value: 90 },
        { from: '2002-11', to: '2009-01', value: 22 },
      ],
    });
    const { id } = answer.body;
    const path = `/contributions/${id}`;
    expect(answer).toMatchObject({ status: 201, headers: { location: `/api/v1${path}`, etag: '"2"' } });
    const shown = (await api.get(path)).body;
    expect(shown).toMatchObject({
      operation: 'ISAF',
      ...persons,
      status: 'recorded',
      segments: [
        { from: '2002-11', to: '2009-01', value: 22 },
        { from: '2009-02', value: 90 },
      ],
    });
    const [ended, open] = (shown.segments as { segmentId: string }[]).map(({ segmentId }) => segmentId);
    const types = await walk(api, contributionStream(id), path, [
      ['amend', { title: 'Platoon', reason }],
      [`segments/${open}/end`, { to: '2013' }],
      ['segments', { from: '2014', value: 94 }, 201],
      [`segments/${ended}/correct`, { from: '2002-11', to: '2008', value: 22, reason }],
      [`segments/${open}/withdraw`, { reason }],
    ]);
    expect(types.slice(3)).toEqual([
      'ContributionAmended',
      'SegmentEnded',
      'SegmentAdded',
      'SegmentCorrected',
      'SegmentWithdrawn',
    ]);
    expect((await api.get(path)).body).toMatchObject({
      title: 'Platoon',
      segments: [{ to: '2008' }, { from: '2014', value: 94 }],
    });
    expect((await api.get(`${path}?revision=2`)).body.segments).toHaveLength(2);
    expect((await api.get(`${path}?revision=0`)).body.segments).toEqual([]);
    await walk(api, contributionStream(id), path, [['withdraw', { reason }]]);
    expect(await operations('operation=isaf')).toEqual([]);
    expect(await operations('operation=isaf&status=withdrawn')).toEqual(['ISAF']);
    expect((await api.post('/contributions', { operation: 'ISAF', ...persons })).body).toMatchObject({
      code: 'ContributionExists',
      detail: expect.stringMatching(/is recorded already and is withdrawn: reinstate it$/),
    });
    await walk(api, contributionStream(id), path, [['reinstate', { reason }]]);
    expect(await operations('operation=isaf')).toEqual(['ISAF']);
    expect((await api.get(path)).body.segments).toHaveLength(2);
    expect(await api.post(`${path}/reinstate`, { reason })).toMatchObject({
      status: 409,
      body: { code: 'ContributionNotWithdrawn' },
    });
  });

  it('are one of a kind to an operation in a unit and on a basis', async () => {
    const record = (body: object) => api.post('/contributions', { operation: 'Trust fund', ...body });
    expect((await record(money)).status).toBe(201);
    expect((await record({ ...money, basis: 'pledged' })).status).toBe(201);
    expect((await record({ ...money, unit: 'USD' })).status).toBe(201);
    expect((await record({ ...money, operation: 'trust  FUND' })).body.code).toBe('ContributionExists');
  });

  it('refuse a segment on days of another, naming it and both spans', async () => {
    const { id } = (
      await api.post('/contributions', { operation: 'KFOR', ...persons, segments: [{ from: '1999' }] })
    ).body;
    const { segmentId } = (await api.get(`/contributions/${id}`)).body.segments[0];
    const answer = await api.post(`/contributions/${id}/segments`, { from: '2008', to: '2009' });
    const message = `2008-01-01 to 2009-12-31 overlaps the segment ${segmentId}, 1999-01-01 onwards`;
    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'SegmentOverlaps', errors: [{ pointer: '/from', message }] },
    });
  });

  it('are found by each filter, by year where a segment has a day of it', async () => {
    const record = (operation: string, body: object) => api.post('/contributions', { operation, ...body });
    await record('Fb', { ...persons, title: 'Übung f', segments: [{ from: '1995-06', to: '1996' }] });
    await record('Fa', { ...persons, kind: 'staff-officers', title: 'f', segments: [{ from: '1997' }] });
    await record('Fc', { ...money, title: 'f', segments: [{ from: '1996-03', value: 1_000_000_000_000 }] });
    expect(await operations('q=f&year=1994')).toEqual([]);
    expect(await operations('q=f&year=1995')).toEqual(['Fb']);
    expect(await operations('q=f&year=1996')).toEqual(['Fb', 'Fc']);
    expect(await operations('q=f&year=1997&operation=fa')).toEqual(['Fa']);
    expect(await operations('q=f&year=2025&kind=staff-officers')).toEqual(['Fa']);
    expect(await operations('q=ubung')).toEqual(['Fb']);
    expect(await operations('q=f&kind=funding&year=1996')).toEqual(['Fc']);
    expect(await everyPage(api, '/contributions?q=f&year=1996', 'operation', 1)).toEqual(['Fb', 'Fc']);
  });

  it('are shown and listed as they were known at a past time', async () => {
    api.setClock('2026-06-16T09:00:00.000Z');
    const { id } = (await api.post('/contributions', { operation: 'RSM', ...persons, title: 'Before' })).body;
    api.setClock('2026-06-17T09:00:00.000Z');
    await api.post(`/contributions/${id}/amend`, { title: 'After' });
    await api.post(`/contributions/${id}/segments`, { from: '2015' });
    api.setClock('2026-06-18T09:00:00.000Z');
    const then = 'asOf=2026-06-17T08:59:59Z';
    expect((await api.get(`/contributions?operation=RSM&${then}`)).body.items).toMatchObject([
      { title: 'Before' },
    ]);
    expect(await operations(`operation=RSM&year=2015&${then}`)).toEqual([]);
    expect(await operations('operation=RSM&year=2015')).toEqual(['RSM']);
    expect((await api.get(`/contributions/${id}?${then}`)).body).toMatchObject({
      title: 'Before',
      segments: [],
    });
  });

  it.each([
    ['', { operation: 'X', ...persons, unit: 'EUR' }, 422, 'UnitNotPersons'],
    ['', { operation: 'X', ...persons, segments: [{ from: '2015', value: -1 }] }, 400, 'Invalid'],
    ['', { operation: 'X', ...persons, segments: [{ from: '2015', value: 1.5 }] }, 400, 'Invalid'],
    [`/${UNKNOWN}/amend`, { unit: 'EUR' }, 400, 'Invalid'],
    [`/${UNKNOWN}/amend`, { title: 'X' }, 404, 'ContributionNotFound'],
  ])('answer POST /contributions%s %j with %i %s', async (path, body, status, code) => {
    expect(await api.post(`/contributions${path}`, body)).toMatchObject({ status, body: { code } });
  });
});
