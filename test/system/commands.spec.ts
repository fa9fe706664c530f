import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { anActivity, api, type Answer } from '../support/http.js';
import { startInstance, type RunningInstance } from '../support/instance.js';

/** Part of what must be this run's own: given stores hold what earlier runs wrote. */
const run = randomUUID();

describe('commands over HTTP', () => {
  let dataDir: string;
  let instance: RunningInstance;
  let client: ReturnType<typeof api>;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'cooperation-'));
    instance = await startInstance(dataDir);
    client = api(instance.url);
  });
  afterAll(async () => {
    expect(await instance?.stop()).toBe(0);
    await rm(dataDir, { recursive: true, force: true });
  });

  const log = async (changes: object = {}, headers = {}) =>
    (await client.post('/activities/log', { ...anActivity, ...changes }, headers).expect(201)).body as Answer;
  const history = async (id: string) =>
    (await client.get(`/activities/${id}/history?limit=500`).expect(200)).body.items as {
      revision: number;
    }[];

  it('applies each of 200 concurrent commands on one activity once, or refuses it with 409', async () => {
    const { id, revision } = await log();
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, n) =>
        client.post(`/activities/${id}/participations`, { institution: `Institution ${n}`, total: 1 }),
      ),
    );
    const applied = answers.filter(({ status }) => status < 300);
    expect(answers.filter(({ status }) => status >= 300 && status !== 409)).toEqual([]);
    const revisions = (await history(id)).map((event) => event.revision).reverse();
    expect(revisions).toEqual(Array.from({ length: revision + 1 + applied.length }, (_, n) => n));
    expect(new Set(applied.map(({ body }) => (body as Answer).revision)).size).toBe(applied.length);
  });

  it('records one event and gives 20 equal answers when the same Idempotency-Key comes 20 times at once', async () => {
    const { id, revision } = await log();
    const key = { 'Idempotency-Key': `form 17 ${run}` };
    const participation = { institution: 'Ministry of Defence', total: 4 };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => client.post(`/activities/${id}/participations`, participation, key)),
    );
    const distinct = new Set(
      answers.map(({ status, headers, text }) =>
        JSON.stringify([status, headers.etag, headers.location, text]),
      ),
    );
    expect([...distinct]).toHaveLength(1);
    expect(answers[0]!.status).toBe(201);
    expect(await history(id)).toHaveLength(revision + 2);
    const other = await client.post(`/activities/${id}/participations`, { ...participation, total: 5 }, key);
    expect([other.status, other.body.code]).toEqual([422, 'IdempotencyKeyReused']);
    expect(await history(id)).toHaveLength(revision + 2);
  });

  it('makes one activity of a log sent 20 times at once under one key, and refuses the key for another', async () => {
    const key = { 'Idempotency-Key': `form 18 ${run}` };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => client.post('/activities/log', anActivity, key)),
    );
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    const other = await client.post('/activities/log', { ...anActivity, title: 'Another' }, key);
    expect([other.status, other.body.code]).toEqual([422, 'IdempotencyKeyReused']);
  });

  it('refuses a command that goes by a stale revision, with 412', async () => {
    const { id, revision } = await log();
    const stale = { 'If-Match': `"${revision}"` };
    await client.post(`/activities/${id}/amend`, { title: 'A better title' }, stale).expect(200);
    const refused = await client
      .post(`/activities/${id}/amend`, { title: 'A third title' }, stale)
      .expect(412);
    expect(refused.body).toMatchObject({ status: 412, code: 'StaleRevision' });
  });

  it('takes a command that needs no body with none, whatever the media type says', async () => {
    const planned = (await client.post('/activities', anActivity).expect(201)).body as Answer;
    const approved = await fetch(`${instance.url}/api/v1/activities/${planned.id}/approve`, {
      method: 'POST',
      headers: { 'X-Actor': 'staff-2', 'Content-Type': 'application/json' },
    });
    expect(await approved.json()).toMatchObject({ id: planned.id, revision: 1 });
  });

  it('shows what a command did to the query that sends its token back', async () => {
    for (let n = 0; n < 20; n++) {
      const title = `Read your writes <${n}> ${run}`;
      const { position } = await log({ title });
      const list = await client.get(`/activities?q=${encodeURIComponent(title)}`, {
        'Consistency-Token': position,
      });
      expect([list.status, list.body.items.length]).toEqual([200, 1]);
    }
  });

  it('keeps the report of a past instant, byte for byte, after corrections', async () => {
    const { id, position } = await log({ startsOn: '2019-05-06', endsOn: '2019-05-08' });
    const paths = [
      '/reports/annual',
      '/reports/annual/2019',
      '/reports/period?from=2019-01-01&to=2019-12-31',
    ];
    const token = { 'Consistency-Token': position };
    const first = await client.get('/reports/annual/2019', token).expect(200);
    const asOf = `asOf=${encodeURIComponent(first.body.asOf.time as string)}`;
    const with_ = (path: string, more: string) => `${path}${path.includes('?') ? '&' : '?'}${more}`;
    const fetchAll = async (headers = {}) => {
      const bodies: string[] = [];
      for (const path of paths) {
        for (const format of ['json', 'csv']) {
          const answer = await client.get(with_(path, `${asOf}&format=${format}`), headers).expect(200);
          bodies.push(answer.text);
        }
      }
      return bodies;
    };
    const yesterday = await fetchAll(token);
    expect(yesterday[2]).toBe(first.text);

    await client.post(`/activities/${id}/participations`, { institution: 'Army', total: 12 }).expect(201);
    const last = await client.post(`/activities/${id}/amend`, {
      kind: 'exercise',
      reason: 'entered wrongly',
    });
    expect(last.status).toBe(200);
    const newest = { 'Consistency-Token': (last.body as Answer).position };
    const now = await client.get('/reports/annual/2019', newest).expect(200);
    expect(now.body.byKind).not.toEqual(first.body.byKind);
    expect(now.body.participation.attendances).toBe(first.body.participation.attendances + 12);
    expect(await fetchAll(newest)).toEqual(yesterday);
  });
});
