import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { canonicalHash } from '#event-sourcing';
import { idOf } from '#testing';
import type { Report } from '../../report.js';
import { startReporting, type Reporting } from '../../testing/reporting.js';

const RECORDED = '2025-01-10T09:00:00.000Z';

describe('editions of an annual report', () => {
  let reporting: Reporting;

  beforeAll(async () => {
    reporting = await startReporting();
  });
  afterAll(() => reporting?.stop());

  const { get, post } = {
    get: (path: string, headers: Record<string, string> = { 'X-Actor': 'auditor-1' }) =>
      reporting.get(`/reports/annual${path}`, headers),
    post: (path: string, body?: object, headers?: Record<string, string>) =>
      reporting.post(`/reports/annual${path}`, body, headers),
  };
  const exercise = (name: string, on: string, total = 7) =>
    reporting.record(
      idOf(name),
      [
        {
          type: 'ActivityLogged',
          data: {
            ...{ title: name, kind: 'exercise', programme: 'ipcp', role: 'participant', startsOn: on },
            ...{ endsOn: on, goalIds: [], sources: [], held: { startsOn: on, endsOn: on } },
          },
        },
        {
          type: 'ParticipationRecorded',
          data: { participationId: idOf(`${name} part`), country: 'AZ', total },
        },
      ],
      RECORDED,
    );
  const recount = (name: string, total: number) =>
    reporting.record(
      idOf(name),
      [
        {
          type: 'ParticipationCorrected',
          data: { participationId: idOf(`${name} part`), country: 'AZ', total, reason: 'counted again' },
        },
      ],
      reporting.clock.time,
    );
  const publish = async (year: number, at: string) => {
    reporting.clock.time = at;
    const answer = await post(`/${year}/publish`);
    expect(answer.status).toBe(201);
    await reporting.projected(BigInt(answer.body.position));
    return answer;
  };
  const events = (year: number) => reporting.store.readStream(`annual_report-${year}`);

  it('publishes, amends, and lists who did it, when and why', async () => {
    await exercise('first', '2001-05-02');
    reporting.clock.time = '2025-02-01T12:00:00.000Z';
    const published = await post('/2001/publish', { note: 'for the board' });
    expect(published.status).toBe(201);
    expect(published.headers).toMatchObject({
      location: '/api/v1/reports/annual/2001/editions/1',
      etag: '"0"',
      'consistency-token': published.body.position,
    });
    const amended = await post('/2001/amend', { reason: 'recount' }, { 'X-Actor': 'staff-2' });
    expect(amended.headers.location).toBe('/api/v1/reports/annual/2001/editions/2');
    const token = { 'Consistency-Token': amended.body.position };
    const { body } = await reporting.get('/reports/annual/2001/editions', token);
    const seal = { root: expect.any(String), streams: expect.any(Number) };
    expect(body.items).toEqual([
      {
        ...{ edition: 1, year: 2001, publishedAt: reporting.clock.time, publishedBy: 'staff-1' },
        ...{ note: 'for the board', sha256: expect.stringMatching(/^[0-9a-f]{64}$/), seal },
        asOf: { position: expect.stringMatching(/^\d+$/), time: reporting.clock.time },
      },
      {
        ...{ edition: 2, year: 2001, publishedAt: reporting.clock.time, publishedBy: 'staff-2' },
        ...{ reason: 'recount', sha256: expect.stringMatching(/^[0-9a-f]{64}$/), seal },
        asOf: { position: published.body.position, time: reporting.clock.time },
      },
    ]);
    // Between the two a stream began: that of the report itself.
    expect(body.items[1].seal.streams).toBe(body.items[0].seal.streams + 1);
    expect(body.items[1].seal.root).not.toBe(body.items[0].seal.root);
    expect((await events(2001)).map(({ metadata }) => metadata.reason)).toEqual([undefined, 'recount']);
  });

  it('answers with a report whose SHA-256 anyone can compute', async () => {
    await exercise('hashed', '2002-05-02');
    await publish(2002, '2025-02-02T12:00:00.000Z');
    const { body } = await get('/2002/editions/1');
    expect(canonicalHash(body.report)).toBe(body.sha256);
    expect(body.report.asOf).toEqual(body.asOf);
    expect(body.report.activities.held).toBe(1);
    const csv = (await get('/2002/editions/1?format=csv')).text;
    expect(csv).toContain(`edition,,sha256,${body.sha256}\r\n`);
    expect(csv).toContain('participation,,attendances,7\r\n');
  });

  it('leaves as CSV only under a name, which is logged', async () => {
    await exercise('exported', '1981-05-02');
    await publish(1981, '2025-02-03T12:00:00.000Z');
    const unnamed = await get('/1981/editions/1?format=csv', {});
    expect([unnamed.status, unnamed.body.code]).toEqual([401, 'ActorMissing']);
    expect((await get('/1981/editions/1', {})).status).toBe(200);
    await get('/1981/editions/1', { 'X-Actor': 'auditor-2', Accept: 'text/csv' });
    const logged = await reporting.dataSource.query(
      "select actor, route, filters from public.access where filters->>'year' = '1981'",
    );
    expect(logged).toEqual([
      {
        actor: 'auditor-2',
        route: 'GET /api/v1/reports/annual/:year/editions/:edition',
        filters: { year: 1981, edition: 1, format: 'csv' },
      },
    ]);
  });

  it('stays byte for byte the same, whatever is recorded, configured, or made anew', async () => {
    await exercise('kept', '2003-05-02');
    await publish(2003, '2025-02-03T12:00:00.000Z');
    const read = async () => [
      (await get('/2003/editions/1')).text,
      (await get('/2003/editions/1?format=csv')).text,
    ];
    const before = await read();
    reporting.clock.time = '2025-06-03T12:00:00.000Z';
    await recount('kept', 9);
    await exercise('kept too', '2003-06-02');
    reporting.policy.annualTarget = 300;
    await publish(2004, '2025-06-04T12:00:00.000Z');
    await reporting.projected();
    expect(await read()).toEqual(before);
    await reporting.rebuild(3);
    expect(await read()).toEqual(before);
    reporting.policy.annualTarget = 20;
    expect((await get('/2003')).body.participation.attendances).toBe(16);
  });

  it.each([
    ['publish', '/2001/publish', {}, 409, 'AnnualReportPublished', /amend/],
    ['amend', '/1999/amend', { reason: 'recount' }, 409, 'AnnualReportNotPublished', /publish/],
    ['publish', '/2101/publish', {}, 422, 'YearNotBegun', /2101 has not begun/],
    ['amend', '/2001/amend', {}, 400, 'Invalid', /./],
    ['publish', '/1899/publish', {}, 400, 'Invalid', /./],
    ['publish', '/1998/publish', { why: 'x' }, 400, 'Invalid', /./],
  ])('refuses to %s: %s %j gives %i %s', async (_, path, body, status, code, detail) => {
    const answer = await post(path, body);
    expect(answer.body).toMatchObject({ status, code, detail: expect.stringMatching(detail) });
  });

  it.each(['/2001/editions/9', '/2001/editions/9/changes', '/1990/editions/1'])(
    'says that %s is not there',
    async (path) => {
      expect((await get(path)).body).toMatchObject({ status: 404, code: 'EditionNotFound' });
    },
  );

  it('lists no editions of a year that has none', async () => {
    expect((await get('/1990/editions')).body).toEqual({ items: [] });
  });

  it('answers a retry as the first time, though the report would now be another', async () => {
    await exercise('retried', '2005-05-02');
    const key = { 'Idempotency-Key': 'edition of 2005' };
    reporting.clock.time = '2025-03-01T12:00:00.000Z';
    const first = await post('/2005/publish', {}, key);
    await recount('retried', 11);
    reporting.clock.time = '2025-03-02T12:00:00.000Z';
    const again = await post('/2005/publish', {}, key);
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(again.headers.location).toBe(first.headers.location);
    expect(await events(2005)).toHaveLength(1);
    expect((await post('/2005/publish', { note: 'other' }, key)).body.code).toBe('IdempotencyKeyReused');
  });

  it('of two that publish at once one wins; under one key both are told the same', async () => {
    const other = await reporting.serveAnother();
    const both = (year: number, headers = {}) =>
      Promise.all(
        [reporting, other].map(({ post: by }) => by(`/reports/annual/${year}/publish`, {}, headers)),
      );
    for (let year = 2010; year < 2014; year++) {
      const answers = await both(year);
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
      expect(await events(year)).toHaveLength(1);
    }
    for (let year = 2014; year < 2018; year++) {
      const [one, two] = await both(year, { 'Idempotency-Key': `${year}` });
      expect([one!.status, two!.status, two!.body]).toEqual([201, 201, one!.body]);
      expect(await events(year)).toHaveLength(1);
    }
    await other.stop();
  });

  it('refuses a stale If-Match without rendering anything', async () => {
    await publish(2018, '2025-03-03T12:00:00.000Z');
    const stale = await post('/2018/amend', { reason: 'recount' }, { 'If-Match': '"7"' });
    expect(stale.body).toMatchObject({ status: 412, code: 'StaleRevision' });
    expect((await post('/2018/amend', { reason: 'recount' }, { 'If-Match': '"0"' })).status).toBe(201);
  });

  it('writes nothing when it fails between rendering and writing; the same key then succeeds', async () => {
    const { seal } = reporting.seal;
    const key = { 'Idempotency-Key': 'edition of 2019' };
    reporting.seal.seal = async () => {
      throw new Error('struck by lightning');
    };
    expect((await post('/2019/publish', {}, key)).status).toBe(500);
    reporting.seal.seal = seal;
    expect(await events(2019)).toEqual([]);
    expect((await post('/2019/publish', {}, key)).status).toBe(201);
    expect(await events(2019)).toHaveLength(1);
  });

  it('says 503 while the read model is behind, and still answers a retry', async () => {
    const key = { 'Idempotency-Key': 'edition of 2020' };
    const first = await post('/2020/publish', {}, key);
    await reporting.projected();
    await reporting.stopProjectors();
    await exercise('not applied', '2021-05-02');
    expect((await post('/2020/publish', {}, key)).body).toEqual(first.body);
    expect((await post('/2020/publish')).status).toBe(409);
    const refused = await post('/2021/publish');
    expect(refused.body).toMatchObject({ status: 503, code: 'NotCaughtUp' });
    expect(await events(2021)).toEqual([]);
    reporting.startProjectors();
    await reporting.projected();
  });

  it('never shows a report that is not what was published', async () => {
    await exercise('tampered', '2022-05-02');
    await publish(2022, '2025-04-01T12:00:00.000Z');
    const { text } = await get('/2022/editions/1');
    const set = (kind: string) =>
      reporting.dataSource.query('update activities.activity set kind = $1 where id = $2', [
        kind,
        idOf('tampered'),
      ]);
    await set('course');
    for (const path of ['', '?format=csv', '/changes']) {
      const { body, headers } = await get(`/2022/editions/1${path}`);
      expect(headers['content-type']).toMatch('application/problem+json');
      expect(body).toMatchObject({ status: 500, code: 'EditionDoesNotMatch' });
      const { sha256 } = JSON.parse(text) as { sha256: string };
      expect(body.errors).toMatchObject([
        { code: 'Published', message: sha256 },
        { code: 'Found', message: expect.stringMatching(/^[0-9a-f]{64}$/) },
      ]);
    }
    await set('exercise');
    expect((await get('/2022/editions/1')).text).toBe(text);
  });

  it('is what the next year’s report is compared with, once there is one', async () => {
    await exercise('before', '1995-05-02', 10);
    await exercise('now', '1996-05-02', 25);
    await reporting.projected();
    const previous = async (query = '') => (await get(`/1996${query}`)).body as Report;
    const unpublished = await previous();
    expect(unpublished.previous).toMatchObject({ label: '1995', basis: 'as-now-known' });
    await publish(1995, '2025-05-01T12:00:00.000Z');
    reporting.clock.time = '2025-05-02T12:00:00.000Z';
    await recount('before', 14);
    await reporting.projected();
    const compared = await previous();
    expect(compared.previous).toMatchObject({
      ...{ label: '1995', basis: 'as-published', edition: 1, participation: { attendances: 10 } },
    });
    expect(compared.change!.participation.attendances).toBe(15);
    expect((await previous(`?asOfPosition=${unpublished.asOf.position}`)).previous).toEqual(
      unpublished.previous,
    );
    // No edition is narrowed to a country.
    expect((await previous('?country=AZ')).previous).toMatchObject({
      ...{ basis: 'as-now-known', participation: { attendances: 14 } },
    });
  });

  it('says in the table of years where the figures come from', async () => {
    const row = async (query = '') => {
      const { years } = (await get(query)).body;
      return years.find(({ year }: { year: number }) => year === 1995);
    };
    const known = { basis: 'as-now-known', edition: 1, publishedDiffers: true, attendances: 14, target: 20 };
    expect(await row()).toMatchObject(known);
    const published = { basis: 'as-published', edition: 1, publishedDiffers: true, attendances: 10 };
    expect(await row('?basis=as-published')).toMatchObject(published);
    expect((await get('?format=csv&basis=as-published')).text).toContain('years,1995,basis,as-published');
    expect((await get('?basis=as-published&country=AZ')).body).toMatchObject({
      status: 400,
      code: 'Invalid',
    });
    const amended = await post('/1995/amend', { reason: 'recount' });
    await reporting.projected(BigInt(amended.body.position));
    expect(await row()).toMatchObject({ ...known, edition: 2, publishedDiffers: false });
  });
});
