import { mkdtemp, rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { anActivity, api } from '../support/http.js';
import { startInstance, type RunningInstance } from '../support/instance.js';

const NOWHERE = '6f9619ff-8b86-4d01-b42d-00c04fc964ff';

describe('bad input', () => {
  let dataDir: string;
  let instance: RunningInstance;
  let client: ReturnType<typeof api>;
  let head: string;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'cooperation-'));
    instance = await startInstance(dataDir);
    client = api(instance.url);
    head = await headPosition();
  });
  // Whatever was sent: nothing was written, and the process lives.
  afterEach(async () => {
    expect(await headPosition()).toBe(head);
  });
  afterAll(async () => {
    expect(await instance?.stop()).toBe(0);
    await rm(dataDir, { recursive: true, force: true });
  });

  async function headPosition(): Promise<string> {
    const { body } = await client.get('/projections').expect(200);
    return (body.items as { headPosition: string }[])[0]!.headPosition;
  }

  /** Sends bytes as they are; answers status, content type and body. */
  function raw(path: string, body: string | Buffer, headers: Record<string, string>) {
    return new Promise<{
      status: number;
      type: string;
      body: { code: string; errors?: { pointer: string }[] };
    }>((resolve, reject) => {
      const sent = httpRequest(`${instance.url}/api/v1${path}`, { method: 'POST', headers }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({
            status: answer.statusCode!,
            type: answer.headers['content-type'] ?? '',
            body: JSON.parse(text),
          });
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }
  const json = { 'X-Actor': 'staff-1', 'Content-Type': 'application/json' };

  it.each([
    ['malformed JSON', '{"title": ', json, 400],
    ['no JSON at all', 'title=x', json, 400],
    ['an empty body', '', json, 400],
    ['an array', '[]', json, 400],
    ['null', 'null', json, 400],
    ['a body of 10 MB', JSON.stringify({ ...anActivity, summary: 'x'.repeat(10_000_000) }), json, 413],
    ['a form', 'title=x', { ...json, 'Content-Type': 'application/x-www-form-urlencoded' }, 415],
    ['another media type', '<title/>', { ...json, 'Content-Type': 'application/xml' }, 415],
    ['an attack on prototypes', '{"__proto__": {"title": "x"}}', json, 400],
    ['nobody acting', JSON.stringify(anActivity), { 'Content-Type': 'application/json' }, 401],
    ['a broken If-Match', JSON.stringify(anActivity), { ...json, 'If-Match': 'three' }, 400],
    [
      'bytes that are not UTF-8',
      Buffer.concat([
        Buffer.from(`${JSON.stringify(anActivity).slice(0, -1)},"summary":"b`),
        Buffer.from([0xff]),
        Buffer.from('d"}'),
      ]),
      json,
      400,
    ],
    ['a foreign name', JSON.stringify(anActivity), { ...json, Host: 'evil.example' }, 403],
    ['a page from elsewhere', JSON.stringify(anActivity), { ...json, Origin: 'http://evil.example' }, 403],
  ] as const)('answers %s as a problem', async (_, body, headers, status) => {
    const answer = await raw('/activities', body as string, headers as Record<string, string>);
    expect([answer.status, answer.type]).toEqual([
      status,
      expect.stringContaining('application/problem+json'),
    ]);
    expect(answer.body.code).toEqual(expect.stringMatching(/^[A-Z]\w+$/));
  });

  it.each([
    [{ startsOn: '2026-02-30' }, '/startsOn'],
    [{ startsOn: '2026-13' }, '/startsOn'],
    [{ startsOn: '12/10/207' }, '/startsOn'],
    [{ startsOn: 20260101 }, '/startsOn'],
    [{ surprise: true }, '/surprise'],
    [{ organiser: { name: 'NATO', kind: 'nato', fax: '1' } }, '/organiser/fax'],
    [{ title: 'NUL \u0000 inside' }, '/title'],
    [{ title: 'bell \u0007' }, '/title'],
    [{ title: '\ud800 alone' }, '/title'],
    [{ title: '   ' }, '/title'],
    [{ title: 'x'.repeat(501) }, '/title'],
    [{ kind: "course'; drop table activities.activity; --" }, '/kind'],
    [{ place: { country: 'XX' } }, '/place/country'],
    [{ cycleId: "' or 1=1" }, '/cycleId'],
    [{ quota: -1 }, '/quota'],
    [{ quota: 20_000_000 }, '/quota'],
  ])('says where: %j', async (fault, pointer) => {
    const { status, body } = await client.post('/activities', { ...anActivity, ...fault });
    expect([status, body.errors.map((error: { pointer: string }) => error.pointer)]).toEqual([
      400,
      [pointer],
    ]);
  });

  it('lists every fault at once', async () => {
    const { body } = await client
      .post('/activities/log', { title: '', kind: 'party', surprise: 1, participations: [{ total: 'many' }] })
      .expect(400);
    const pointers = (body.errors as { pointer: string }[]).map(({ pointer }) => pointer).sort();
    expect(pointers).toEqual([
      '/kind',
      '/participations/0/total',
      '/programme',
      '/role',
      '/startsOn',
      '/surprise',
      '/title',
    ]);
  });

  it('lists every broken rule at once', async () => {
    const { body } = await client
      .post('/activities/log', {
        ...anActivity,
        startsOn: '2025-03-10',
        endsOn: '2024-01-01',
        participations: [{ total: 3, military: 2, civilian: 2, female: 4 }],
        costs: [{ payer: 'NATO', status: 'known' }],
      })
      .expect(422);
    expect(body.errors.length).toBeGreaterThanOrEqual(4);
  });

  it.each([
    ['get', `/activities/${NOWHERE}`, 404],
    ['get', `/activities/${NOWHERE}/history`, 404],
    ['post', `/activities/${NOWHERE}/approve`, 404],
    ['post', `/activities/${NOWHERE}/costs/${NOWHERE}/withdraw`, 404],
    ['get', '/activities/not-an-id', 400],
    ['post', '/activities/not-an-id/approve', 400],
    ['get', '/nothing-here', 404],
    ['get', '/activities?surprise=1', 400],
    ['get', '/activities?limit=0', 400],
    ['get', '/activities?cursor=broken', 400],
    ['get', '/activities?year=20x6', 400],
    ['get', '/activities?from=2026-02-30', 400],
    ['get', '/reports/annual/20x6', 400],
    ['get', '/reports/annual?asOf=2999-01-01T00:00:00Z', 400],
    ['get', '/reports/annual?format=docx', 400],
    ['get', '/reports/annual?format=xlsx', 406],
    ['get', '/reports/period?from=2026-02-30&to=2026-03-01', 400],
    ['get', '/reports/period?from=2026-03-01&to=2026-02-01', 400],
    ['get', '/activities/%ZZ', 400],
    ['get', '/activities?q=%00', 400],
    ['get', '/reports/annual?asOf=0000-01-01T00:00:00Z', 400],
    ['get', '/reports/annual?asOf=2020-01-01T00:00:00%2B23:59', 400],
  ])('%s %s → %i', async (method, path, status) => {
    const body = path.includes('withdraw') ? { reason: 'entered twice' } : {};
    const answer = await (method === 'get' ? client.get(path) : client.post(path, body));
    expect([answer.status, answer.type]).toEqual([status, 'application/problem+json']);
    expect(answer.text).not.toMatch(/select |stack|\.ts:|\.js:/i);
  });

  it('names the part of the path that is wrong', async () => {
    const { body } = await client.get('/activities/not-an-id').expect(400);
    expect(body.errors).toMatchObject([{ pointer: '/id' }]);
  });

  it('answers bytes that are not HTTP', async () => {
    const socket = connect(Number(new URL(instance.url).port), '127.0.0.1');
    socket.end('\u0000\u0001 what is this\r\n\r\n');
    let answer = '';
    for await (const chunk of socket) answer += String(chunk);
    expect(answer).toMatch(/^HTTP\/1\.1 400 [\s\S]*application\/problem\+json/);
  });

  it('takes SQL in every text field for what it is: text', async () => {
    const sql = '\'; drop schema activities cascade; -- " $1 \\ %s';
    const stored = await client
      .post('/activities/log', {
        ...anActivity,
        title: sql,
        reference: sql,
        subtype: sql,
        summary: sql,
        organiser: { name: sql, kind: 'nato' },
        place: { city: sql, venue: sql },
        sources: [{ note: sql, url: sql }],
        participations: [{ institution: sql, total: 1 }],
        costs: [{ payer: sql, category: sql }],
      })
      .expect(201);
    head = await headPosition();
    const token = { 'Consistency-Token': stored.body.position as string };
    const found = encodeURIComponent(sql);
    for (const filter of ['q', 'organiser', 'institution', 'reference']) {
      const list = await client.get(`/activities?${filter}=${found}`, token).expect(200);
      expect(list.body.items).toMatchObject([{ title: sql }]);
    }
    const report = await client.get('/reports/annual/2025', token).expect(200);
    expect(report.body.byInstitution).toMatchObject([{ key: sql, attendances: 1 }]);
  });
});
