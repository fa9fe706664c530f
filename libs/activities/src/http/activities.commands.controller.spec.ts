import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTemporaryStores, type TemporaryStores } from '#embedded';
import { exampleData, fields, NOW, OTHER, UNKNOWN } from '../domain/testing/examples.js';
import { activityChangeRoutes } from './activity-routes.js';
import { serveCommands, type CommandApi, type Headers } from './testing/command-api.js';

let stores: TemporaryStores;
let api: CommandApi;

beforeAll(async () => {
  stores = await startTemporaryStores();
  api = await serveCommands(stores.eventStoreUrl);
});

afterAll(async () => {
  await api?.stop();
  await stores?.stop();
});

const asApprover = { 'X-Actor': 'staff-2' };

describe('commands on activities', () => {
  it('take an activity from its plan to the report on it', async () => {
    const plan = await api.post('', { ...fields, reference: 'ACT.396' });
    expect(plan.status).toBe(201);
    const { id } = plan.body;
    expect(plan.headers.location).toBe(`/api/v1/activities/${id}`);

    let revision = 0;
    const change = async (path: string, body?: object, headers?: Headers) => {
      const answer = await api.post(`/${id}/${path}`, body, { 'If-Match': `"${revision}"`, ...headers });
      revision++;
      expect(answer).toMatchObject({
        headers: { etag: `"${revision}"`, 'consistency-token': answer.body.position },
        body: { id, revision, position: expect.stringMatching(/^\d+$/) },
      });
      return answer;
    };
    const plain = async (path: string, body?: object, headers?: Headers) =>
      expect((await change(path, body, headers)).status).toBe(200);
    const creating = async (path: string, body: object, field: string) => {
      const answer = await change(path, body);
      expect(answer).toMatchObject({ status: 201, headers: { location: `/api/v1/activities/${id}` } });
      return answer.body[field] as string;
    };

    await plain('reject', exampleData.reject);
    await plain('reinstate', exampleData.reinstate);
    const nominationId = await creating('nominations', exampleData.nominate, 'nominationId');
    await plain(`nominations/${nominationId}/withdraw`);
    await plain('approve', undefined, asApprover);
    await plain('postpone', exampleData.postpone);
    await plain('reschedule', exampleData.reschedule);
    await plain('cancel', exampleData.cancel);
    await plain('reinstate', exampleData.reinstate);
    await plain('amend', { title: 'Summer course', reason: 'misnamed' });
    await plain('hold');
    const part = { institution: 'Academy', total: 5 };
    const participationId = await creating('participations', part, 'participationId');
    await plain(`participations/${participationId}/correct`, { ...part, total: 6, reason: 'miscounted' });
    await plain(`participations/${participationId}/withdraw`, { reason: 'entered twice' });
    const costId = await creating('costs', { payer: 'Host' }, 'costId');
    const known = { payer: 'Host', amountMinor: 5, currency: 'EUR', reason: 'settled' };
    await plain(`costs/${costId}/correct`, known);
    await plain(`costs/${costId}/withdraw`, { reason: 'entered twice' });
    await plain('after-activity-report', exampleData['after-activity-report']);
    await plain('mark-duplicate', exampleData['mark-duplicate']);

    const events = await api.eventsOf(id);
    expect(events.map(({ type }) => type)).toEqual([
      'ActivityPlanned',
      'ActivityRejected',
      'ActivityReinstated',
      'ParticipantsNominated',
      'NominationWithdrawn',
      'ActivityApproved',
      'ActivityPostponed',
      'ActivityRescheduled',
      'ActivityCancelled',
      'ActivityReinstated',
      'ActivityAmended',
      'ActivityHeld',
      'ParticipationRecorded',
      'ParticipationCorrected',
      'ParticipationWithdrawn',
      'CostRecorded',
      'CostCorrected',
      'CostWithdrawn',
      'AfterActivityReportSubmitted',
      'ActivityMarkedDuplicate',
    ]);
    const reasons = Object.fromEntries(events.map(({ type, metadata }) => [type, metadata.reason]));
    expect(reasons).toMatchObject({ ActivityAmended: 'misnamed', ActivityCancelled: 'host withdrew' });
    expect(events[5]!.metadata).toMatchObject({ actor: { id: 'staff-2' }, recordedAt: NOW });
  });

  it('log what happened, with parts, in one append', async () => {
    const answer = await api.post('/log', {
      ...fields,
      held: { startsOn: '2026-05-12' },
      participations: [{ institution: 'Academy', total: 5 }],
      costs: [{ payer: 'Host' }],
    });
    expect(answer).toMatchObject({
      status: 201,
      headers: { location: `/api/v1/activities/${answer.body.id}` },
      body: { revision: 2 },
    });
    const events = await api.eventsOf(answer.body.id);
    expect(events.map(({ type }) => type)).toEqual([
      'ActivityLogged',
      'ParticipationRecorded',
      'CostRecorded',
    ]);
    expect(events[0]!.data).toMatchObject({ held: { startsOn: '2026-05-12', endsOn: fields.endsOn } });
  });

  it('record that an approved activity was not attended', async () => {
    const id = await api.planned();
    await api.post(`/${id}/approve`, {}, asApprover);
    expect((await api.post(`/${id}/not-attended`, { reason: 'visa came late' })).status).toBe(200);
  });

  it('keep one activity a reference, however it is written', async () => {
    await api.post('', { ...fields, reference: 'ACT.397' });
    expect(await api.post('/log', { ...fields, reference: ' act.397' })).toMatchObject({
      status: 409,
      body: { code: 'ActivityExists' },
    });
  });
});

describe('a refused command', () => {
  it('says 401 without an actor', async () => {
    const answer = await api.http.post('/api/v1/activities').send(fields);
    expect(answer).toMatchObject({ status: 401, body: { code: 'ActorMissing' } });
  });

  it('says 409 in the wrong state, 412 on a stale revision, and writes nothing', async () => {
    const id = await api.planned();
    expect(await api.post(`/${id}/hold`)).toMatchObject({
      status: 409,
      headers: { 'content-type': 'application/problem+json; charset=utf-8' },
      body: { code: 'ActivityNotApproved' },
    });
    const stale = await api.post(`/${id}/cancel`, exampleData.cancel, { 'If-Match': '"7"' });
    expect(stale).toMatchObject({ status: 412, body: { code: 'StaleRevision' } });
    expect(await api.eventsOf(id)).toHaveLength(1);
  });

  it('says 422 with every broken rule', async () => {
    const costs = [{ payer: 'Host', amountMinor: 1 }];
    const participations = [{ total: 1, military: 2 }];
    const answer = await api.post('/log', { ...fields, endsOn: '2026-05-01', participations, costs });
    expect(answer).toMatchObject({
      status: 422,
      body: {
        code: 'RulesBroken',
        errors: [
          { pointer: '/endsOn', code: 'EndBeforeStart' },
          { pointer: '/participations/0/military', code: 'PartsExceedTotal' },
          { pointer: '/costs/0/currency', code: 'CurrencyMissing' },
        ],
      },
    });
  });

  it('says 404 for an activity, and for a part of it, that is not there', async () => {
    const id = await api.logged();
    const reason = { reason: 'twice' };
    expect(await api.post(`/${OTHER}/approve`)).toMatchObject({
      status: 404,
      body: { code: 'ActivityNotFound' },
    });
    expect(await api.post(`/${id}/participations/${UNKNOWN}/withdraw`, reason)).toMatchObject({
      status: 404,
      body: { code: 'ParticipationNotFound' },
    });
    expect(await api.post(`/${id}/costs/${UNKNOWN}/withdraw`, reason)).toMatchObject({
      status: 404,
      body: { code: 'CostNotFound' },
    });
  });

  it('says 400 with every value that is not of the form', async () => {
    const answer = await api.post('', {
      ...fields,
      startsOn: '2026-02-30',
      title: 'a\u0000b',
      colour: 'red',
    });
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ pointer: '/startsOn' }),
        expect.objectContaining({ pointer: '/title' }),
        expect.objectContaining({ pointer: '/colour', code: 'UnknownField' }),
      ]),
    );
  });

  it.each([
    ['/not-a-uuid/approve', {}, '/id'],
    [`/${OTHER}/costs/1/withdraw`, { reason: 'twice' }, '/costId'],
    [`/${OTHER}/approve`, { reason: 'good' }, '/reason'],
    [`/${OTHER}/cancel`, undefined, '/reasonCode'],
    [`/${OTHER}/amend`, { reference: 'ACT.1' }, '/reference'],
    [`/${OTHER}/costs/${UNKNOWN}/correct`, { costId: UNKNOWN, payer: 'Host', reason: 'twice' }, '/costId'],
  ])('says 400 for %s with %j, pointing to %s', async (path, body, pointer) => {
    expect(await api.post(path, body)).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });
  });
});

it('are all in the OpenAPI document, with what they take and answer', () => {
  const { paths } = SwaggerModule.createDocument(api.app, new DocumentBuilder().build());
  expect(Object.keys(paths).sort()).toEqual(
    ['', '/log', ...activityChangeRoutes.map(({ path }) => `/{id}/${path.replace(/:(\w+)/, '{$1}')}`)]
      .map((path) => `/api/v1/activities${path}`)
      .sort(),
  );
  const correct = paths['/api/v1/activities/{id}/participations/{participationId}/correct']!.post!;
  expect(correct).toMatchObject({
    tags: ['Activities'],
    summary: 'Replace a participation by what is right',
    requestBody: {
      content: {
        'application/json': { schema: { required: ['total', 'reason'], additionalProperties: false } },
      },
    },
    parameters: expect.arrayContaining([
      expect.objectContaining({ name: 'id', in: 'path', required: true }),
      expect.objectContaining({ name: 'participationId', in: 'path', required: true }),
      expect.objectContaining({ name: 'If-Match', in: 'header' }),
    ]),
  });
});
