import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ActivityEvent } from '#activities';
import { random } from '#testing';
import { parse } from 'csv-parse/sync';
import request from 'supertest';
import type { AnnualTotals, Report } from '../report.js';
import { countFacts } from '../testing/count.js';
import { eventsOf, randomFact, type Fact } from '../testing/facts.js';
import { startReporting, type Reporting } from '../testing/reporting.js';

const SEED = 20261124;
const RECORDED = '2025-01-10T09:00:00.000Z';
const NOW = '2025-02-01T12:00:00.000Z';

describe('reports', () => {
  let reporting: Reporting;
  const facts: Fact[] = [];

  beforeAll(async () => {
    reporting = await startReporting();
    reporting.clock.time = NOW;
    const next = random(SEED);
    for (let n = 0; n < 200; n++) facts.push(randomFact(`activity ${n}`, next));
    for (const fact of facts) await reporting.record(fact.id, eventsOf(fact), RECORDED);
    await reporting.projected();
  });
  afterAll(() => reporting?.stop());

  const get = (url: string) => request(reporting.server).get(`/api/v1${url}`);
  const report = async (url: string) => {
    const response = await get(url).expect(200);
    return response.body as Report;
  };
  /** Corrects what is known of some activities, each in another way. */
  const correct = async (recordedAt: string) => {
    for (const fact of facts.filter(({ status, held }) => status === 'held' && held).slice(0, 30)) {
      const [participation] = fact.participations;
      const append = (event: ActivityEvent) => reporting.record(fact.id, [event], recordedAt);
      fact.fields = { ...fact.fields, kind: 'exercise', area: undefined };
      await append({ type: 'ActivityAmended', data: { changes: { kind: 'exercise', area: null } } });
      if (participation) {
        participation.total += 5;
        await append({ type: 'ParticipationCorrected', data: { ...participation, reason: 'recount' } });
      }
    }
    await reporting.projected();
  };

  it.each([
    ['/reports/annual/2024', '2024-01-01', '2024-12-31', undefined],
    ['/reports/annual/2024?country=GE', '2024-01-01', '2024-12-31', 'GE'],
    ['/reports/annual/2022', '2022-01-01', '2022-12-31', undefined],
    ['/reports/period?from=2024-02&to=2024-07-15', '2024-02-01', '2024-07-15', undefined],
    ['/reports/period?from=2023&to=2025', '2023-01-01', '2025-12-31', undefined],
  ])('%s counts what an independent count of the same facts gives', async (url, from, to, country) => {
    const expected = countFacts(facts, from, to, NOW, country);
    const shift = (day: string) => `${Number(day.slice(0, 4)) - 1}${day.slice(4)}`;
    const before = countFacts(facts, shift(from), shift(to).replace('02-29', '02-28'), NOW, country);
    const answered = await report(url);
    expect(answered).toMatchObject(expected);
    expect(answered.previous).toMatchObject({
      activities: before.activities,
      participation: before.participation,
    });
    expect(answered.change!.activities.held).toBe(expected.activities.held - before.activities.held);
    expect(answered.change!.participation.attendances).toBe(
      expected.participation.attendances - before.participation.attendances,
    );
  });

  it('gives every year its totals', async () => {
    const { body } = await get('/reports/annual').expect(200);
    const { years } = body as AnnualTotals;
    expect(years.map(({ year }) => year)).toEqual([2023, 2024, 2025]);
    for (const { year, target, met, basis, edition, publishedDiffers, ...totals } of years) {
      const { activities, participation } = countFacts(facts, `${year}-01-01`, `${year}-12-31`, NOW);
      expect(totals).toEqual({ ...activities, ...participation });
      expect({ target, met }).toEqual({ target: 20, met: activities.held >= 20 });
      const unpublished = { basis: 'as-now-known', edition: null, publishedDiffers: false };
      expect({ basis, edition, publishedDiffers }).toEqual(unpublished);
    }
  });

  it('has the contract’s shape, also where nothing is recorded', async () => {
    const answered = await report('/reports/annual/2024');
    expect(Object.keys(answered)).toEqual([
      'period',
      'asOf',
      'rule',
      'activities',
      'participation',
      'byKind',
      'byMonth',
      'byOrganiser',
      'byProgramme',
      'byArea',
      'byRole',
      'byVenueCountry',
      'byCountry',
      'byInstitution',
      'costs',
      'dialogue',
      'goals',
      'contributions',
      'documents',
      'documentsUndated',
      'target',
      'previous',
      'change',
    ]);
    expect(answered.period).toEqual({ from: '2024-01-01', to: '2024-12-31', label: '2024' });
    expect(answered.target).toEqual({
      held: answered.activities.held,
      target: 20,
      met: answered.activities.held >= 20,
    });
    expect((await report('/reports/period?from=2024-01-01&to=2024-12-30')).target).toBeNull();
  });

  it('comes out byte for byte as it was answered, after corrections and after a rebuild', async () => {
    for (const path of ['/reports/annual/2024', '/reports/annual', '/reports/annual/2024?format=csv']) {
      reporting.clock.time = '2025-02-02T12:00:00.000Z';
      const before = await get(path).expect(200);
      const { asOf } = (await get(path.replace('format=csv', 'format=json'))).body as Report;
      // Known by the application's clock before the report was asked for, and yet stored after it.
      await correct('2025-02-02T11:59:59.999Z');
      reporting.clock.time = '2025-03-01T12:00:00.000Z';
      const again = (query: string) => get(`${path}${path.includes('?') ? '&' : '?'}${query}`).expect(200);
      expect((await get(path)).text).not.toBe(before.text);
      expect((await again(`asOf=${asOf.time}`)).text).toBe(before.text);
      expect((await again(`asOf=${asOf.time}&asOfPosition=${asOf.position}`)).text).toBe(before.text);
      const byPosition = await again(`asOfPosition=${asOf.position}`);
      expect(byPosition.text.replace(/"time":"[^"]*"|time,[^\r]*/, '')).toBe(
        before.text.replace(/"time":"[^"]*"|time,[^\r]*/, ''),
      );
      await reporting.rebuild(20);
      expect((await again(`asOf=${asOf.time}`)).text).toBe(before.text);
    }
    expect(await report('/reports/annual/2024')).toMatchObject(
      countFacts(facts, '2024-01-01', '2024-12-31', '2025-03-01T12:00:00.000Z'),
    );
  });

  it('dates what was recorded a moment ago by itself, so that nothing recorded in the same moment slips in', async () => {
    reporting.clock.time = '2025-04-01T12:00:00.500Z';
    await correct('2025-04-01T12:00:00.500Z');
    const before = await get('/reports/annual/2024').expect(200);
    await correct('2025-04-01T12:00:00.500Z');
    const { asOf } = before.body as Report;
    reporting.clock.time = '2025-04-01T12:00:01.000Z';
    for (const query of [`asOf=${asOf.time}`, `asOfPosition=${asOf.position}`])
      expect((await get(`/reports/annual/2024?${query}`)).text).toBe(before.text);
  });

  it('says the same in CSV, one figure a line', async () => {
    const answered = await report('/reports/annual/2024');
    const response = await get('/reports/annual/2024').set('Accept', 'text/csv').expect(200);
    expect(response.headers['content-type']).toMatch('text/csv');
    const lines = parse(response.text, { columns: true }) as Record<
      'section' | 'key' | 'measure' | 'value',
      string
    >[];
    const value = (section: string, key: string, measure: string) =>
      lines.filter((line) => line.section === section && line.key === key && line.measure === measure);
    expect(value('activities', '', 'held')).toMatchObject([{ value: String(answered.activities.held) }]);
    expect(value('change.activities', '', 'held')).toMatchObject([
      { value: String(answered.change!.activities.held) },
    ]);
    for (const { key, attendances } of answered.byMonth)
      expect(value('byMonth', key, 'attendances')).toMatchObject([{ value: String(attendances) }]);
    for (const { payer, currency, amountMinor } of answered.costs)
      expect(value('costs', payer, `amountMinor.${currency}`)).toMatchObject([
        { value: String(amountMinor) },
      ]);
    expect(
      lines.filter(({ section, key }) => section === 'byOrganiser' && key.startsWith("'=Öl")),
    ).not.toEqual([]);
  });

  it.each([
    ['/reports/annual/2024?format=pdf', '*/*', 406, 'FormatNotOffered'],
    ['/reports/annual/2024', 'application/pdf', 406, 'FormatNotOffered'],
    ['/reports/annual/2024?format=docx', '*/*', 400, 'Invalid'],
    ['/reports/annual/24', '*/*', 400, 'Invalid'],
    ['/reports/annual/2024?year=2024', '*/*', 400, 'Invalid'],
    ['/reports/annual?country=Azerbaijan', '*/*', 400, 'Invalid'],
    ['/reports/annual?asOf=2199-01-01T00:00:00Z', '*/*', 400, 'AsOfInFuture'],
    ['/reports/period?from=2024-01-01', '*/*', 400, 'Invalid'],
    ['/reports/period?from=2024-02-30&to=2024-03-01', '*/*', 400, 'Invalid'],
    ['/reports/period?from=2024-03&to=2024-02', '*/*', 400, 'Invalid'],
    ["/reports/annual?asOfPosition=1'--", '*/*', 400, 'Invalid'],
  ])('answers %s for %s with %i %s', async (url, accept, status, code) => {
    const { body } = await get(url).set('Accept', accept);
    expect(body).toMatchObject({ status, code });
  });
});
