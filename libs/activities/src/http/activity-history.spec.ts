import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { AggregatesModule } from '#aggregates';
import { dialogueContext } from '#dialogue';
import { AccessLog, Problem } from '#http';
import {
  idOf,
  random,
  readHistoryPages,
  type RememberedAccesses,
  serve,
  startReadModel,
  storesOf,
  toldStates,
  type ReadModel,
} from '#testing';
import { parse } from 'csv-parse/sync';
import { ActivitiesModule } from '../activities.module.js';
import { activitiesContext } from '../context.js';
import { activityEventDefinitions, activityStream, type ActivityEvent } from '../domain/events.js';
import type { ActivityFields } from '../domain/fields.js';
import { ActivityPolicy } from '../domain/policy.js';
import { randomHistory } from '../testing/random-history.js';

const SEED = 20_261_221;
const AT = '2026-01-05T10:00:00.000Z';
const fields: ActivityFields = {
  title: '=1+1',
  kind: 'course',
  programme: 'ipcp',
  role: 'participant',
  startsOn: '2026-03-02',
  goalIds: [],
  sources: [],
};
const planned: ActivityEvent = { type: 'ActivityPlanned', data: fields };
const quota = (n: number): ActivityEvent => ({ type: 'ActivityAmended', data: { changes: { quota: n } } });

describe('the history of an activity', () => {
  let model: ReadModel;
  let served: Awaited<ReturnType<typeof serve>>;

  beforeAll(async () => {
    model = await startReadModel(activitiesContext, dialogueContext);
    served = await serve(
      [AggregatesModule, ActivitiesModule],
      [...storesOf(model), { provide: ActivityPolicy, useValue: { fourEyes: true, partnerCountry: 'AZ' } }],
      () => new Date('2026-12-01T12:00:00.000Z'),
    );
  });
  afterAll(async () => {
    await served?.stop();
    await model?.stop();
  });

  const record = (name: string, ...events: ActivityEvent[]) =>
    model.record(activityStream(idOf(name)), events, AT);
  const get = (path: string, headers = {}) => served.get(path, { 'X-Actor': 'auditor-1', ...headers });
  const historyOf = (name: string) => `/activities/${idOf(name)}/history`;
  const revisions = (items: readonly { revision: number }[]) => items.map(({ revision }) => revision);

  it('says who did what, when and why, and what it changed, while no projector runs at all', async () => {
    const participation = { participationId: idOf('p'), country: 'AZ', institution: 'Academy', total: 5 };
    const { participationId } = participation;
    await record('lagging', planned, { type: 'ParticipationRecorded', data: participation });
    const position = await record(
      'lagging',
      { type: 'ParticipationCorrected', data: { ...participation, total: 6, reason: 'miscounted' } },
      { type: 'ActivityPostponed', data: { reason: 'fog' } },
      { type: 'ActivityReinstated', data: { reason: 'no fog' } },
      { type: 'ParticipationWithdrawn', data: { participationId, reason: 'of another' } },
    );
    const { status, body } = await get(historyOf('lagging'), { 'Consistency-Token': String(position) });
    expect({ status, next: body.nextCursor }).toEqual({ status: 200, next: null });
    const part = `participations.${participationId}`;
    expect(
      body.items.map(({ type, changes }: { type: string; changes: unknown }) => [type, changes]),
    ).toEqual([
      [
        'ParticipationWithdrawn',
        [
          { field: `${part}.country`, from: 'AZ' },
          { field: `${part}.institution`, from: 'Academy' },
          { field: `${part}.total`, from: 6 },
        ],
      ],
      ['ActivityReinstated', [{ field: 'status', from: 'postponed', to: 'proposed' }]],
      [
        'ActivityPostponed',
        [
          { field: 'status', from: 'proposed', to: 'postponed' },
          { field: 'startsOn', from: '2026-03-02' },
        ],
      ],
      ['ParticipationCorrected', [{ field: `${part}.total`, from: 5, to: 6 }]],
      [
        'ParticipationRecorded',
        [
          { field: `${part}.country`, to: 'AZ' },
          { field: `${part}.institution`, to: 'Academy' },
          { field: `${part}.total`, to: 5 },
        ],
      ],
      [
        'ActivityPlanned',
        [
          { field: 'status', to: 'proposed' },
          ...['kind', 'programme', 'role', 'startsOn', 'title'].map((field) => ({
            field,
            to: fields[field as keyof ActivityFields],
          })),
          { field: 'proposedBy', to: 'staff-1' },
        ],
      ],
    ]);
    expect(body.items[0]).toMatchObject({
      revision: 5,
      position: String(position),
      recordedAt: AT,
      actor: { id: 'staff-1', roles: [] },
      schemaVersion: 1,
      data: { participationId, reason: 'of another' },
    });
  });

  it('has each event once, page by page, whatever is recorded meanwhile', async () => {
    await record('paged', planned, ...Array.from({ length: 10 }, (_, n) => quota(n)));
    const seen: number[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body } = await get(`${historyOf('paged')}?limit=4${cursor && `&cursor=${cursor}`}`);
      seen.push(...revisions(body.items));
      cursor = body.nextCursor;
      await record('paged', quota(100 + seen.length));
    }
    expect(seen).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
    // The first event of a page says what it changed, though the one before it is on another page.
    const { items } = (await get(`${historyOf('paged')}?limit=1`)).body;
    expect(items[0].changes).toEqual([{ field: 'quota', from: 108, to: 111 }]);
  });

  it('answers fifty events unless more are asked for', async () => {
    await record('long', planned, ...Array.from({ length: 60 }, (_, n) => quota(n)));
    const { items, nextCursor } = (await get(historyOf('long'))).body;
    expect(revisions(items)).toEqual(Array.from({ length: 50 }, (_, n) => 60 - n));
    expect(nextCursor).toEqual(expect.any(String));
    expect(await readHistoryPages(get, `/activities/${idOf('long')}`, 500)).toHaveLength(61);
  });

  it('is a table in CSV: the whole of it, a line for each change', async () => {
    await record('table', planned, quota(3));
    await record(
      'table',
      { type: 'ActivityAmended', data: { changes: { goalIds: [idOf('g')], quota: null } } },
      // Says again what is so already.
      { type: 'ActivityAmended', data: { changes: { title: '=1+1' } } },
    );
    const asked = await get(`${historyOf('table')}?format=csv`);
    expect(asked.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': `attachment; filename="activity-${idOf('table')}-history.csv"`,
      vary: 'Accept',
    });
    expect(asked.headers).not.toHaveProperty('link');
    const lines = parse(asked.text, { columns: true }) as Record<string, string>[];
    expect(lines.map(({ revision, field, from, to }) => [revision, field, from, to])).toEqual([
      ['3', '', '', ''],
      ['2', 'goalIds', '', `["${idOf('g')}"]`],
      ['2', 'quota', '3', ''],
      ['1', 'quota', '', '3'],
      ['0', 'status', '', 'proposed'],
      ['0', 'kind', '', 'course'],
      ['0', 'programme', '', 'ipcp'],
      ['0', 'role', '', 'participant'],
      ['0', 'startsOn', '', '2026-03-02'],
      // No spreadsheet takes it for a formula.
      ['0', 'title', '', "'=1+1"],
      ['0', 'proposedBy', '', 'staff-1'],
    ]);
    const { items } = (await get(historyOf('table'))).body;
    expect(lines[1]).toMatchObject({
      position: items[1].position,
      recordedAt: AT,
      actor: 'staff-1',
      type: 'ActivityAmended',
      reason: '',
    });
    expect((await get(historyOf('table'), { Accept: 'text/csv' })).text).toBe(asked.text);
    const all = await get(`${historyOf('long')}?format=csv`);
    expect(all.text.trim().split('\r\n')).toHaveLength(1 + 60 + 7);
  });

  it('is as many events as were asked for in CSV too, with the way to the next', async () => {
    await record('sheets', planned, quota(1), quota(2), quota(3));
    const seen: string[] = [];
    let query = '?format=csv&limit=2';
    for (let pages = 0; query; pages++) {
      const { text, headers } = await get(historyOf('sheets') + query);
      const lines = parse(text, { columns: true }) as Record<string, string>[];
      seen.push(...new Set(lines.map(({ revision }) => revision!)));
      query = /^<(\?.+)>; rel="next"$/.exec(headers.link ?? '')?.[1] ?? '';
      if (pages > 2) throw new Error(query);
    }
    expect(seen).toEqual(['3', '2', '1', '0']);
    const { nextCursor } = (await get(`${historyOf('sheets')}?limit=1`)).body;
    const rest = await get(`${historyOf('sheets')}?format=csv&cursor=${nextCursor}`);
    expect(rest.text).toContain('\r\n2,');
    expect(rest.text).toContain('\r\n0,');
    expect(rest.text).not.toContain('\r\n3,');
  });

  it('leaves as CSV only under a name, which is logged before anything is read', async () => {
    await record('exported', planned, quota(1));
    const log = served.app.get<RememberedAccesses>(AccessLog);
    const before = log.entries.length;
    const path = historyOf('exported');
    for (const asked of [served.get(`${path}?format=csv`), served.get(path, { Accept: 'text/csv' })]) {
      const { status, body } = await asked;
      expect([status, body.code]).toEqual([401, 'ActorMissing']);
    }
    expect((await served.get(path)).status).toBe(200);
    expect(log.entries).toHaveLength(before);
    await get(`${path}?format=csv`);
    await get(`${historyOf('never')}?format=csv&limit=3`, { 'X-Actor': 'auditor-2' });
    const route = 'GET /api/v1/activities/:id/history';
    const [whole, none] = log.entries.slice(before);
    expect(whole).toEqual({
      ...{ actor: 'auditor-1', route, filters: { id: idOf('exported'), format: 'csv' } },
      ...{ outcome: 'complete', count: 2 },
    });
    expect(none).toMatchObject({ actor: 'auditor-2', filters: { limit: 3 }, outcome: 'cut-off', count: 0 });

    jest.spyOn(log, 'begin').mockRejectedValueOnce(new Problem(503, 'AccessNotLogged', 'Not now.'));
    const { status, text } = await get(`${path}?format=csv`);
    expect(status).toBe(503);
    expect(text).not.toContain('ActivityPlanned');
  });

  it('refuses what is no page of it, by name', async () => {
    await record('short', planned, quota(1));
    await record('other', planned, quota(1), quota(2), quota(3));
    const ofOther = (await get(`${historyOf('other')}?limit=1`)).body.nextCursor as string;
    const beyond = Buffer.from(JSON.stringify([idOf('short'), 2])).toString('base64url');
    for (const [query, status, code, pointer] of [
      ['?limit=0', 400, 'Invalid', '/limit'],
      ['?limit=501', 400, 'Invalid', '/limit'],
      ['?limit=x&format=csv', 400, 'Invalid', '/limit'],
      ['?cursor=nonsense', 400, 'Invalid', '/cursor'],
      [`?cursor=${ofOther}`, 400, 'Invalid', '/cursor'],
      [`?cursor=${beyond}`, 400, 'Invalid', '/cursor'],
      ['?asOf=2026-01-01T00:00:00Z', 400, 'Invalid', '/asOf'],
      ['?format=pdf', 406, 'FormatNotOffered', undefined],
    ] as const) {
      const { body } = await get(historyOf('short') + query);
      const { pointer: named } = body.errors?.[0] ?? {};
      expect({ query, status: body.status, code: body.code, named }).toEqual({
        query,
        status,
        code,
        named: pointer,
      });
    }
    const both = await get(`/activities/${idOf('short')}?revision=1&asOf=${AT}`);
    expect(both.body).toMatchObject({ status: 400, errors: [{ pointer: '/revision' }] });
    const { status, headers, body } = await get(`${historyOf('nobody')}?format=csv`);
    expect({ status, code: body.code }).toEqual({ status: 404, code: 'ActivityNotFound' });
    expect(headers['content-type']).toContain('application/problem+json');
    expect(headers).not.toHaveProperty('content-disposition');
  });

  it(`tells every change of random activities, and every state by its revision (seed ${SEED})`, async () => {
    model.startProjectors();
    const next = random(SEED);
    const types = new Set<string>();
    for (let n = 0; n < 12; n++) {
      const id = idOf(`random ${n}`);
      const events = randomHistory(id, 40, next).flat();
      for (const { type } of events) types.add(type);
      const told = { stream: activityStream(id), path: `/activities/${id}`, events, related: ['dialogue'] };
      for (const { then, byRevision, said, changed } of await toldStates(model, get, told)) {
        expect(byRevision).toEqual(then);
        expect(changed).toEqual(said);
      }
    }
    expect([...types].sort()).toEqual(Object.keys(activityEventDefinitions).sort());
  }, 120_000);
});
