import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AggregatesModule } from '#aggregates';
import { serve, startReadModel, storesOf, type Headers, type ReadModel } from '#testing';
import { dialogueContext } from '../context.js';
import { DialogueModule } from '../dialogue.module.js';
import { dialogueEventDefinitions, dialogueStream } from '../domain/events.js';
import { ACTIVITY, exampleData, fields, NOW, UNKNOWN } from '../domain/testing/examples.js';
import { dialogueChangeRoutes } from './dialogue-routes.js';

const SESSIONS = '/dialogue-sessions';

describe('commands on dialogue sessions', () => {
  let model: ReadModel;
  let served: Awaited<ReturnType<typeof serve>>;

  beforeAll(async () => {
    model = await startReadModel(dialogueContext);
    served = await serve([AggregatesModule, DialogueModule], storesOf(model), () => new Date(NOW));
  });
  afterAll(async () => {
    await served?.stop();
    await model?.stop();
  });

  const post = (path: string, body?: object, headers?: Headers) =>
    served.post(`${SESSIONS}${path}`, body, headers);
  const eventsOf = (id: string) => model.store.readStream(dialogueStream(id));
  const logged = async (more: object = {}): Promise<string> =>
    (await post('/log', { ...fields, ...more })).body.id;

  it('take a session from its date to what became of the follow-ups', async () => {
    const scheduled = await post('', fields);
    const { id } = scheduled.body;
    expect(scheduled).toMatchObject({
      status: 201,
      headers: { location: `/api/v1${SESSIONS}/${id}`, etag: '"0"' },
    });
    let revision = 0;
    const change = async (path: string, body?: object) => {
      const answer = await post(`/${id}/${path}`, body, { 'If-Match': `"${revision}"` });
      revision++;
      expect(answer).toMatchObject({
        headers: { etag: `"${revision}"`, 'consistency-token': answer.body.position },
        body: { id, revision },
      });
      return answer;
    };
    const agree = async (): Promise<string> => {
      const answer = await change('follow-ups', { text: 'Draft the plan', owner: 'Ministry of Defence' });
      expect(answer.status).toBe(201);
      return answer.body.followUpId;
    };
    await change('amend', { ...exampleData.amend, reason: 'misnamed' });
    await change('hold');
    await change('minutes', { summary: 'Agreed.' });
    await change('minutes', exampleData.minutes);
    const [done, dropped] = [await agree(), await agree()];
    await change(`follow-ups/${done}/amend`, { dueOn: '2026-10', reason: 'put off' });
    await change(`follow-ups/${done}/complete`, { on: '2026-06', activityId: ACTIVITY, note: 'sent' });
    await change(`follow-ups/${dropped}/drop`, { reason: 'overtaken' });
    await change('withdraw', exampleData.withdraw);
    await change('reinstate', exampleData.reinstate);
    const cancelled = (await post('', fields)).body.id;
    expect((await post(`/${cancelled}/cancel`, exampleData.cancel)).status).toBe(200);
    const inOne = await logged();

    const events = (await Promise.all([id, cancelled, inOne].map(eventsOf))).flat();
    expect([...new Set(events.map(({ type }) => type))].sort()).toEqual(
      Object.keys(dialogueEventDefinitions).sort(),
    );
    expect(
      events.filter(({ metadata }) => metadata.reason).map(({ type, metadata }) => [type, metadata.reason]),
    ).toEqual([
      ['DialogueSessionAmended', 'misnamed'],
      ['MinutesRecorded', 'typed anew'],
      ['FollowUpAmended', 'put off'],
      ['FollowUpDropped', 'overtaken'],
      ['DialogueSessionWithdrawn', 'entered twice'],
      ['DialogueSessionReinstated', 'it was another one'],
      ['DialogueSessionCancelled', 'no quorum'],
    ]);
  });

  it('log what was held, minuted and agreed in one append', async () => {
    const id = await logged({
      held: { endDate: '2026-05-11' },
      minutes: { summary: 'Agreed.' },
      followUps: [exampleData['agree-follow-up']],
    });
    const events = await eventsOf(id);
    expect(events.map(({ type, data }) => ({ type, data }))).toMatchObject([
      { type: 'DialogueSessionLogged', data: { held: { date: fields.date, endDate: '2026-05-11' } } },
      { type: 'MinutesRecorded', data: { decisions: [] } },
      { type: 'FollowUpAgreed', data: { owner: 'Ministry of Defence' } },
    ]);
    expect(new Set(events.map(({ metadata }) => metadata.commandId)).size).toBe(1);
  });

  it('count once under one key, and refuse the key for another command', async () => {
    const key = { 'Idempotency-Key': 'form 17' };
    const first = await post('', fields, key);
    expect((await post('', fields, key)).body).toEqual(first.body);
    expect(await post('', { ...fields, title: 'Another' }, key)).toMatchObject({ status: 422 });
    expect(await eventsOf(first.body.id)).toHaveLength(1);
  });

  it('are refused in the wrong state, on a stale revision, and for what is not there', async () => {
    const id = await logged({ followUps: [exampleData['agree-follow-up']] });
    const [, agreed] = await eventsOf(id);
    const { followUpId } = agreed!.data as { followUpId: string };
    expect(await post(`/${id}/hold`)).toMatchObject({ status: 409, body: { code: 'DialogueNotScheduled' } });
    expect(await post(`/${id}/withdraw`, exampleData.withdraw, { 'If-Match': '"0"' })).toMatchObject({
      status: 412,
      body: { code: 'StaleRevision' },
    });
    expect(await post(`/${id}/reinstate`, exampleData.reinstate)).toMatchObject({
      status: 409,
      body: { code: 'DialogueNotWithdrawn' },
    });
    expect(await post(`/${UNKNOWN}/hold`)).toMatchObject({ status: 404, body: { code: 'DialogueNotFound' } });
    const drop = (followUp: string) => post(`/${id}/follow-ups/${followUp}/drop`, { reason: 'overtaken' });
    expect(await drop(UNKNOWN)).toMatchObject({ status: 404, body: { code: 'FollowUpNotFound' } });
    expect((await drop(followUpId)).status).toBe(200);
    expect(await drop(followUpId)).toMatchObject({ status: 409, body: { code: 'FollowUpNotOpen' } });
  });

  it('are refused with every broken rule, and every value that is not of the form', async () => {
    expect(await post('/log', { ...fields, endDate: '2026-05-01', held: { date: '2027' } })).toMatchObject({
      status: 422,
      body: {
        code: 'RulesBroken',
        errors: [
          { pointer: '/endDate', code: 'EndBeforeStart' },
          { pointer: '/held/endDate', code: 'EndBeforeStart' },
          { pointer: '/held/date', code: 'HeldInFuture' },
        ],
      },
    });
    const answer = await post('', { ...fields, format: 'dinner', date: '2026-02-30', guests: 3 });
    expect(answer.status).toBe(400);
    expect(answer.body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual([
      '/date',
      '/format',
      '/guests',
    ]);
  });

  it('are all in the OpenAPI document', () => {
    const { paths } = SwaggerModule.createDocument(served.app, new DocumentBuilder().build());
    const posts = Object.keys(paths).filter((path) => paths[path]!.post);
    expect(posts.sort()).toEqual(
      ['', '/log', ...dialogueChangeRoutes.map(({ path }) => `/{id}/${path.replace(/:(\w+)/, '{$1}')}`)]
        .map((path) => `/api/v1${SESSIONS}${path}`)
        .sort(),
    );
  });
});
