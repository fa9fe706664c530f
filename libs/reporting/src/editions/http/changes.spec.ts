import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ActivityEvent } from '#activities';
import { idOf, random } from '#testing';
import { parse } from 'csv-parse/sync';
import { RandomCorrections } from '../../testing/corrections.js';
import { eventsOf, randomFact, type Fact } from '../../testing/facts.js';
import { startReporting, type Reporting } from '../../testing/reporting.js';
import type { EditionChanges, FigureChange } from '../queries/read-changes.js';

const SEED = 20261126;
const RECORDED = '2024-08-10T09:00:00.000Z';

describe('changes since an edition', () => {
  let reporting: Reporting;
  const facts: Fact[] = [];

  beforeAll(async () => {
    reporting = await startReporting();
    const next = random(SEED);
    for (let n = 0; n < 60; n++) facts.push(randomFact(`activity ${n}`, next));
    for (const fact of facts) await reporting.record(fact.id, eventsOf(fact), RECORDED);
    await reporting.projected();
  });
  afterAll(() => reporting?.stop());

  const get = async (path: string) => {
    const answer = await reporting.get(`/reports/annual${path}`, { 'X-Actor': 'auditor-1' });
    if (answer.status !== 200) throw new Error(answer.text);
    return answer;
  };
  /** Publishes a year, again if it is published; answers the path of the edition. */
  const publish = async (year: number, reason = 'recount') => {
    const first = await reporting.post(`/reports/annual/${year}/publish`);
    const answer =
      first.status === 409 ? await reporting.post(`/reports/annual/${year}/amend`, { reason }) : first;
    expect(answer.status).toBe(201);
    await reporting.projected(BigInt(answer.body.position));
    return answer.headers.location!.replace('/api/v1/reports/annual', '');
  };
  const changes = async (edition: string) => (await get(`${edition}/changes`)).body as EditionChanges;
  const figure = ({ figures }: EditionChanges, section: string, key: string, measure: string) =>
    figures.find((one) => one.section === section && one.key === key && one.measure === measure);
  /** A report's figures as its CSV has them, but for what it is of. */
  const figuresOf = (text: string) =>
    new Map(
      (parse(text, { from_line: 2 }) as string[][])
        .filter(([section]) => !/^(edition|asOf|period)/.test(section!))
        .map(([section, key, measure, value]) => [[section, key, measure].join('|'), value!] as const)
        .filter(([name]) => name !== 'report||rule'),
    );
  const reportAt = async (position: string, time: string) =>
    figuresOf((await get(`/2024?format=csv&asOf=${time}&asOfPosition=${position}`)).text);
  const nameOf = ({ section, key, measure }: FigureChange) =>
    // CSV puts an apostrophe before what a spreadsheet would take for a formula.
    [section, key.startsWith('=') ? `'${key}` : key, measure].join('|');
  /** In hundredths, in which figures are whole. */
  const exact = (value: unknown) => Math.round((value as number) * 100);

  it('are none where nothing has changed', async () => {
    reporting.clock.time = '2024-08-15T12:00:00.000Z';
    const answered = await changes(await publish(2024));
    expect(answered).toMatchObject({ year: 2024, figures: [] });
    expect(answered.since.time).toBe('2024-08-15T12:00:00.000Z');
  });

  it('name the event that moved a figure: who, when, why', async () => {
    const fact = facts.find(
      ({ status, held, participations: [first] }) =>
        status === 'held' && held!.startsOn.startsWith('2024') && first,
    )!;
    const [{ total, ...first }] = fact.participations as [Fact['participations'][number]];
    fact.participations[0] = { ...first, total: total + 5 };
    reporting.clock.time = '2024-08-16T12:00:00.000Z';
    const edition = await publish(2024);
    const position = await reporting.record(
      fact.id,
      [{ type: 'ParticipationCorrected', data: { ...first, total: total + 5, reason: 'counted again' } }],
      reporting.clock.time,
    );
    await reporting.projected();
    const moved = figure(await changes(edition), 'participation', '', 'attendances')!;
    expect(moved).toMatchObject({ change: 5, now: (moved.published as number) + 5 });
    expect(moved.because).toEqual([
      {
        ...{ cause: 'event', count: 1, from: moved.published, to: moved.now, change: 5 },
        events: [
          {
            ...{ position: String(position), stream: `activity-${fact.id}`, type: 'ParticipationCorrected' },
            ...{ revision: expect.any(Number), recordedAt: reporting.clock.time },
            actor: { id: 'staff-1', roles: [] },
          },
        ],
      },
    ]);
  });

  const planned = (name: string, startsOn: string) =>
    reporting.record(
      idOf(name),
      eventsOf({
        ...randomFact(name, random(1)),
        ...{ status: 'proposed', held: undefined, participations: [], costs: [] },
        fields: { ...facts[0]!.fields, startsOn, endsOn: undefined },
      }),
      reporting.clock.time,
    );

  it('tell what time alone has moved from what events have', async () => {
    reporting.clock.time = '2024-08-17T12:00:00.000Z';
    await planned('to come', '2024-09-01');
    const edition = await publish(2024);
    reporting.clock.time = '2024-09-20T12:00:00.000Z';
    const late = await planned('over when it was recorded', '2024-09-02');
    await reporting.projected();
    const { because, ...unresolved } = figure(await changes(edition), 'activities', '', 'unresolved')!;
    expect(because[0]).toMatchObject({ cause: 'time' });
    expect(because[0]!.change).toBeGreaterThan(0);
    expect(because.slice(1)).toMatchObject([
      { cause: 'event', change: 1, events: [{ position: String(late) }] },
    ]);
    expect(unresolved.change).toBe(because[0]!.change! + 1);
    expect(figure(await changes(edition), 'activities', '', 'total')!.because).toHaveLength(1);
  });

  it('leave the edition as it is and add up to every difference, after corrections of all kinds', async () => {
    reporting.clock.time = '2024-10-01T12:00:00.000Z';
    await planned('over before the corrections', '2024-11-01');
    await reporting.projected();
    const edition = await publish(2024);
    const read = async () =>
      Promise.all([get(edition), get(`${edition}?format=csv`)].map(async (answer) => (await answer).text));
    const before = await read();
    const next = random(SEED + 1);
    const corrections = new RandomCorrections(facts, next);
    reporting.clock.time = '2025-03-01T12:00:00.000Z';
    const otherYear = idOf('of another year');
    for (let n = 0; n < 50; n++) {
      const { stream, events } = corrections.correct();
      await reporting.append(stream, events, reporting.clock.time);
      if (n === 20) {
        await reporting.projected();
        await publish(2023);
      }
      if (n === 40) {
        await reporting.projected();
        await publish(2023, 'late returns');
      }
      if (n === 30) {
        const other = randomFact('of another year', random(2));
        const held = { startsOn: '2019-05-06' };
        const data = { ...other.fields, ...held, endsOn: undefined, held };
        await reporting.record(otherYear, [{ type: 'ActivityLogged', data }], reporting.clock.time);
      }
    }
    await reporting.projected();
    expect(await read()).toEqual(before);

    const answered = await changes(edition);
    const published = figuresOf(before[1]!);
    const { asOf } = answered;
    const now = figuresOf(
      (await get(`/2024?format=csv&asOf=${asOf.time}&asOfPosition=${asOf.position}`)).text,
    );
    // A row that came or went with nothing to count is no change.
    const isMoved = (one?: string, other?: string) =>
      one !== other && ((one && other) || !['0', ''].includes((one ?? other)!));
    const differ = [...new Set([...published.keys(), ...now.keys()])].filter((name) =>
      isMoved(published.get(name), now.get(name)),
    );
    expect(answered.figures.map(nameOf).sort()).toEqual(differ.sort());
    expect(differ.length).toBeGreaterThan(40);

    const sections = new Set(answered.figures.map(({ section }) => section.split('.')[0]));
    for (const part of ['activities', 'byMonth', 'costs', 'contributions', 'dialogue', 'documents', 'goals'])
      expect(sections).toContain(part);
    const causes = new Set<string>();
    for (const moved of answered.figures) {
      const { because, change } = moved;
      for (const [name, value] of [
        ['published', published],
        ['now', now],
      ] as const) {
        const shown = value.get(nameOf(moved));
        if (shown !== undefined) expect(String(moved[name] ?? '')).toBe(shown);
        else expect([0, null]).toContain(moved[name]);
      }
      // One goes on where the one before ended.
      expect(because.map(({ from }) => from)).toEqual([
        moved.published,
        ...because.slice(0, -1).map(({ to }) => to),
      ]);
      expect(because.at(-1)!.to).toBe(moved.now);
      if (typeof moved.published === 'number' && typeof moved.now === 'number' && change !== undefined) {
        expect(exact(change)).toBe(exact(moved.now) - exact(moved.published));
        expect(because.reduce((sum, one) => sum + exact(one.change), 0)).toBe(exact(change));
      }
      for (const one of because) {
        causes.add(one.cause);
        if (one.cause === 'time') continue;
        expect(one.events).toHaveLength(one.count);
        for (const { stream, type } of one.events) {
          expect(stream).not.toBe(`activity-${otherYear}`);
          causes.add(type.startsWith('AnnualReport') ? stream : stream.split('-')[0]!);
        }
      }
    }
    expect([...causes].sort()).toEqual([
      ...['activity', 'annual_report-2023', 'contribution', 'dialogue', 'document', 'event', 'goal', 'time'],
    ]);
    // Made at the position of every event, whether or not it is thought to matter, the report moves with those that are named.
    const events = await reporting.dataSource.query<{ position: string }[]>(
      `select position from (table activities.timeline union all table dialogue.timeline union all table partnership.timeline
       union all table reporting.timeline) timeline where position > $1 order by position`,
      [answered.since.position],
    );
    const expected = new Map<string, string[]>();
    let so = await reportAt(answered.since.position, asOf.time);
    for (const { position } of events) {
      const then = await reportAt(position, asOf.time);
      for (const name of new Set([...so.keys(), ...then.keys()])) {
        if (so.get(name) !== then.get(name)) expected.set(name, [...(expected.get(name) ?? []), position]);
      }
      so = then;
    }
    for (const moved of answered.figures) {
      const named = moved.because.flatMap((one) => (one.cause === 'event' ? one.events : []));
      expect(named.map(({ position }) => position)).toEqual(expected.get(nameOf(moved)) ?? []);
    }
    expect(figure(answered, 'previous', '', 'basis')).toMatchObject({
      ...{ published: 'as-now-known', now: 'as-published' },
      because: [{ events: [{ type: 'AnnualReportPublished', stream: 'annual_report-2023' }] }],
    });
    expect(figure(answered, 'previous', '', 'edition')!.because[1]).toMatchObject({
      events: [{ type: 'AnnualReportAmended', actor: { id: 'staff-1' }, reason: 'late returns' }],
    });
    // Only a figure that is, or was, not a number has no change.
    const without = answered.figures.filter(({ change }) => change === undefined);
    expect(
      without.every(({ because }) =>
        because.some(({ from, to }) => [from, to].some((value) => typeof value !== 'number')),
      ),
    ).toBe(true);
  });

  it('name groups of events where there are very many, and add up all the same', async () => {
    const fact = facts.find(({ status, held }) => status === 'held' && held!.startsOn.startsWith('2024'))!;
    reporting.clock.time = '2025-04-01T12:00:00.000Z';
    const edition = await publish(2024);
    const recorded = (total: number): ActivityEvent => {
      const data = { participationId: idOf('many'), country: 'AZ', total };
      return total === 1
        ? { type: 'ParticipationRecorded', data }
        : { type: 'ParticipationCorrected', data: { ...data, reason: 'again' } };
    };
    for (let hundred = 0; hundred < 21; hundred++) {
      const events = Array.from({ length: 100 }, (_, n) => recorded(hundred * 100 + n + 1));
      await reporting.record(fact.id, events, reporting.clock.time);
    }
    await reporting.projected();
    const answered = await changes(edition);
    const { change, because } = figure(answered, 'participation', '', 'attendances')!;
    expect(change).toBe(2_100);
    expect(because.length).toBeLessThanOrEqual(200);
    expect(because.reduce((sum, one) => sum + one.change!, 0)).toBe(2_100);
    const counts = because.map((one) => (one.cause === 'event' ? [one.events.length, one.count] : []));
    expect(counts.reduce((sum, [, count]) => sum + count!, 0)).toBe(2_100);
    expect(counts.every(([named, count]) => named === Math.min(10, count!))).toBe(true);
  });
});
