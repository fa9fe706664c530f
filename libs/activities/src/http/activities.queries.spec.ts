import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { AggregatesModule } from '#aggregates';
import { dialogueContext } from '#dialogue';
import { StoreUnavailable } from '#event-sourcing';
import { idOf, serve, startReadModel, storesOf, type ReadModel } from '#testing';
import { ActivitiesModule } from '../activities.module.js';
import { activitiesContext } from '../context.js';
import { activityStream } from '../domain/events.js';
import type { ActivityFields } from '../domain/fields.js';
import { ActivityPolicy } from '../domain/policy.js';

const NOW = '2026-06-01T12:00:00.000Z';
const fields: ActivityFields = {
  title: 'Staff course',
  kind: 'course',
  programme: 'ipcp',
  role: 'participant',
  startsOn: '2026-03-02',
  goalIds: [],
  sources: [],
};

describe('queries on activities', () => {
  let model: ReadModel;
  let served: Awaited<ReturnType<typeof serve>>;

  beforeAll(async () => {
    model = await startReadModel(activitiesContext, dialogueContext);
    model.startProjectors();
    served = await serve(
      [AggregatesModule, ActivitiesModule],
      [...storesOf(model), { provide: ActivityPolicy, useValue: { fourEyes: true, partnerCountry: 'AZ' } }],
      () => new Date(NOW),
    );
  });
  afterAll(async () => {
    await served?.stop();
    await model?.stop();
  });

  const plan = (
    name: string,
    changes: Partial<ActivityFields> = {},
    recordedAt = '2026-01-05T10:00:00.000Z',
  ) =>
    model.record(
      activityStream(idOf(name)),
      [{ type: 'ActivityPlanned', data: { ...fields, ...changes } }],
      recordedAt,
    );
  const get = (url: string) => served.get(url);
  const titles = async (query: string) => {
    const { status, body } = await get(`/activities?${query}`);
    expect({ status, body }).toMatchObject({ status: 200 });
    return (body.items as { title: string }[]).map(({ title }) => title);
  };

  it('finds by each filter what passes it, and only that', async () => {
    await plan('f1', {
      title: 'Überblick Bakı',
      kind: 'seminar',
      startsOn: '2001-02',
      area: 'science',
      organiser: { name: 'NATO School', kind: 'nato' },
      reference: 'ACT.396',
      goalIds: [idOf('goal'), idOf('other goal')],
      cycleId: idOf('cycle'),
    });
    const held = { startsOn: '2001-12-30', endsOn: '2002-01-02' };
    const last = await model.record(
      activityStream(idOf('f2')),
      [
        {
          type: 'ActivityLogged',
          data: { ...fields, title: '100% _exercise_', programme: 'bilateral', startsOn: '2002', held },
        },
        {
          type: 'ParticipationRecorded',
          data: { participationId: idOf('fp'), country: 'GE', institution: 'Military Academy', total: 3 },
        },
      ],
      '2026-01-05T10:00:00.000Z',
    );
    await model.projected(last);
    const first = ['Überblick Bakı'];
    const second = ['100% _exercise_'];
    expect(await titles('year=2001')).toEqual([...first, ...second]);
    expect(await titles('year=2001&kind=seminar')).toEqual(first);
    expect(await titles('from=2001-02-01&to=2001-02-28')).toEqual(first);
    expect(await titles('from=2001-02-02&to=2001-11-30')).toEqual([]);
    expect(await titles('status=held')).toEqual(second);
    expect(await titles('programme=bilateral')).toEqual(second);
    expect(await titles('area=science')).toEqual(first);
    expect(await titles('organiser=nato%20school')).toEqual(first);
    expect(await titles('country=GE')).toEqual(second);
    expect(await titles('country=AZ')).toEqual([]);
    expect(await titles('institution=military%20academy&country=GE')).toEqual(second);
    expect(await titles('reference=act.396')).toEqual(first);
    for (const goal of ['goal', 'other goal']) expect(await titles(`goalId=${idOf(goal)}`)).toEqual(first);
    expect(await titles(`goalId=${idOf('no goal')}`)).toEqual([]);
    expect(await titles(`cycleId=${idOf('cycle')}`)).toEqual(first);
    expect(await titles(`cycleId=${idOf('goal')}`)).toEqual([]);
    expect(await titles('q=uber%20BAKI%20nato')).toEqual([]);
    expect(await titles('q=uber%20nato')).toEqual(first);
    expect(await titles('q=%25')).toEqual(second);
    expect(await titles('q=_')).toEqual(second);
    expect(await titles("q='%3B%20drop%20schema%20activities%3B--")).toEqual([]);
    expect((await get('/activities?status=held&total=true')).body.total).toBe(1);
  });

  it('shows each once, page by page, though they are moved and added meanwhile', async () => {
    let last = 0n;
    for (let n = 0; n < 11; n++)
      last = await plan(`page ${n}`, { title: `page ${n}`, startsOn: `2010-01-${10 + (n % 4)}`, quota: n });
    await model.projected(last);
    for (const sort of ['startsOn', '-startsOn', 'recordedAt']) {
      const seen: string[] = [];
      let cursor = '';
      do {
        const { body } = await get(
          `/activities?year=2010&sort=${sort}&limit=4${cursor && `&cursor=${cursor}`}`,
        );
        seen.push(...(body.items as { id: string }[]).map(({ id }) => id));
        cursor = body.nextCursor;
        const moved = { type: 'ActivityRescheduled', data: { startsOn: '2010-02', reason: 'r' } } as const;
        await model.record(
          activityStream(idOf(`page ${seen.length % 11}`)),
          [moved],
          '2026-02-01T00:00:00.000Z',
        );
        await model.projected(await plan(`new ${sort} ${seen.length}`, { startsOn: '2010-01-01' }));
      } while (cursor !== null);
      expect(new Set(seen).size).toBe(seen.length);
      for (let n = 0; n < 11; n++) expect(seen).toContain(idOf(`page ${n}`));
    }
  });

  it('lists what was known at a past time or position', async () => {
    const first = await plan('past', { title: 'as planned', startsOn: '2011' }, '2026-02-02T00:00:00.000Z');
    const amended = { type: 'ActivityAmended', data: { changes: { title: 'as amended' } } } as const;
    const second = await model.record(activityStream(idOf('past')), [amended], '2026-02-03T00:00:00.000Z');
    await model.projected(second);
    expect(await titles('year=2011')).toEqual(['as amended']);
    expect(await titles('year=2011&asOf=2026-02-02T23:59:59Z')).toEqual(['as planned']);
    expect(await titles('year=2011&asOf=2026-02-01T00:00:00Z')).toEqual([]);
    expect(await titles(`year=2011&asOfPosition=${first}`)).toEqual(['as planned']);
    expect(await titles(`year=2011&asOfPosition=${second}`)).toEqual(['as amended']);
  });

  it('shows one activity, its past and its history at once, from its events', async () => {
    const id = idOf('one');
    await plan('one', { organiser: { name: 'NATO School', kind: 'nato' } }, '2026-03-01T00:00:00.000Z');
    const at = (day: number) => `2026-03-0${day}T00:00:00.000Z`;
    const participation = { participationId: idOf('op'), country: 'AZ', total: 5 };
    await model.record(activityStream(id), [{ type: 'ActivityApproved', data: {} }], at(2));
    await model.record(
      activityStream(id),
      [{ type: 'ActivityHeld', data: { startsOn: '2026-03-03' } }],
      at(3),
    );
    await model.record(activityStream(id), [{ type: 'ParticipationRecorded', data: participation }], at(4));
    await model.record(
      activityStream(id),
      [{ type: 'ParticipationCorrected', data: { ...participation, total: 6, reason: 'r' } }],
      at(5),
    );
    const now = await get(`/activities/${id}`);
    expect(now.headers.etag).toBe('"4"');
    expect(now.body).toMatchObject({
      id,
      status: 'held',
      startsOn: '2026-03-02',
      held: { startsOn: '2026-03-03' },
      organiser: { name: 'NATO School', kind: 'nato' },
      nominations: [],
      participations: [{ ...participation, total: 6 }],
      costs: [],
      proposedBy: 'staff-1',
      revision: 4,
    });
    expect(now.body.participations[0]).not.toHaveProperty('reason');
    expect((await get(`/activities/${id}?revision=1`)).body).toMatchObject({
      status: 'approved',
      revision: 1,
    });
    expect((await get(`/activities/${id}?asOf=${at(4)}`)).body.participations[0].total).toBe(5);
    const { items } = (await get(`/activities/${id}/history`)).body;
    expect(items).toHaveLength(5);
    expect(items[0]).toMatchObject({
      revision: 4,
      type: 'ParticipationCorrected',
      recordedAt: at(5),
      actor: { id: 'staff-1' },
      data: { total: 6 },
    });
  });

  it('asks the event store how far it is only where the answer depends on it', async () => {
    const position = await plan('far', { title: 'Far' });
    const token = { 'Consistency-Token': String(position) };
    expect((await served.get('/activities', token)).status).toBe(200);
    const head = jest.spyOn(model.store, 'head').mockRejectedValue(new StoreUnavailable('gone'));
    try {
      for (const url of ['/activities', `/activities?asOfPosition=${position}`, `/activities/${idOf('far')}`])
        expect([url, (await get(url)).status]).toEqual([url, 200]);
      expect(head).not.toHaveBeenCalled();
      const { body } = await get('/activities?asOf=2026-02-01T00:00:00Z');
      expect([body.status, body.code]).toEqual([503, 'StoreUnavailable']);
    } finally {
      head.mockRestore();
    }
  });

  it.each([
    ['/activities?colour=red', 400, 'Invalid'],
    ['/activities?year=1', 400, 'Invalid'],
    ['/activities?from=2026-02-30', 400, 'Invalid'],
    ['/activities?limit=501', 400, 'Invalid'],
    ['/activities?limit=0', 400, 'Invalid'],
    ['/activities?kind=course&kind=seminar', 400, 'Invalid'],
    ['/activities?q=%00', 400, 'Invalid'],
    ['/activities?country=XX', 400, 'Invalid'],
    ['/activities?goalId=1', 400, 'Invalid'],
    ['/activities?cursor=nonsense', 400, 'Invalid'],
    [
      `/activities?cursor=${Buffer.from('["startsOn","1","2026-02-31","x"]').toString('base64url')}`,
      400,
      'Invalid',
    ],
    ['/activities?asOf=2026-06-01T12:00:01Z', 400, 'AsOfInFuture'],
    ['/activities?asOf=yesterday', 400, 'Invalid'],
    ['/activities?asOfPosition=-1', 400, 'Invalid'],
    ['/activities/not-an-id', 400, 'Invalid'],
    [`/activities/${idOf('nobody')}`, 404, 'ActivityNotFound'],
    [`/activities/${idOf('nobody')}/history`, 404, 'ActivityNotFound'],
    [`/activities/${idOf('one')}?revision=99`, 404, 'RevisionNotFound'],
    [`/activities/${idOf('one')}?asOf=2020-01-01T00:00:00Z`, 404, 'ActivityNotFound'],
    [`/activities/${idOf('one')}/history?x=1`, 400, 'Invalid'],
  ])('answers %s with %i %s', async (url, status, code) => {
    const { body } = await get(url);
    expect({ status: body.status, code: body.code }).toEqual({ status, code });
  });
});
