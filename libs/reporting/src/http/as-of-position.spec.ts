import { afterEach, describe, expect, it } from '@jest/globals';
import { random } from '#testing';
import { randomRecord } from '../../../auditing/src/testing/random-record.js';
import { startReporting, type Reporting } from '../testing/reporting.js';

const SEEDS = (process.env.SEEDS ?? '20261126,20261127').split(',').map(Number);
const AGGREGATES = 4;
/** One in so many positions is looked at. */
const STEP = 5;
const YEARS = [2012, 2016, 2018, 2021];
const reports = [
  '/reports/annual?',
  '/reports/annual/2016?',
  '/reports/annual/2021?country=AZ&',
  '/reports/period?from=2010&to=2026&',
  '/reports/period?from=2013-03&to=2019-07-15&',
];

describe('a report as of a position', () => {
  let reporting: Reporting;
  afterEach(() => reporting?.stop());

  it.each(SEEDS)(
    'is what a read model answers that has seen nothing later, for random histories of all contexts (seed %i)',
    async (seed) => {
      reporting = await startReporting();
      const next = random(seed);
      const read = async (path: string) => {
        const { status, text } = await reporting.get(path);
        if (status !== 200) throw new Error(`${path}: ${text}`);
        return text;
      };
      /** Each report asked for in `ways`. */
      const all = (...ways: string[]) =>
        Promise.all(reports.flatMap((report) => ways.map((way) => read(report + way))));

      /** What was answered while nothing later was stored at all. */
      const seen: { position: bigint; time: string; answers: string[]; present: string[] }[] = [];
      const look = async (position: bigint) => {
        await reporting.projected();
        const present = await all('');
        const { time } = (JSON.parse(present[0]!) as { asOf: { time: string } }).asOf;
        const answers = await all(`asOfPosition=${position}`);
        seen.push({ position, time, answers, present });
      };
      for (const { stream, events, recordedAt, actor } of randomRecord(seed, AGGREGATES)) {
        if (!(reporting.clock.time > recordedAt)) reporting.clock.time = recordedAt;
        // One by one: a position within what one command appended is a state too.
        for (const event of events) {
          const position = await reporting.append(stream, [event], recordedAt, actor);
          if (next(STEP) === 0) await look(position);
        }
        if (next(20) > 0) continue;
        const year = `/reports/annual/${YEARS[next(YEARS.length)]}`;
        const first = await reporting.post(`${year}/publish`);
        const { status, body } =
          first.status === 201 ? first : await reporting.post(`${year}/amend`, { reason: 'recount' });
        expect(status).toBe(201);
        await reporting.projected(BigInt(body.position));
        await look(BigInt(body.position));
      }

      const later = new Date(Date.parse(reporting.clock.time) + 86_400_000);
      reporting.clock.time = later.toISOString();
      for (const { position, time, answers, present } of seen) {
        expect(await all(`asOfPosition=${position}`)).toEqual(answers);
        expect(await all(`asOf=${time}&asOfPosition=${position}`)).toEqual(present);
      }
      // Otherwise the histories would say nothing.
      expect(new Set(seen.map(({ answers }) => withoutAsOf(answers))).size).toBeGreaterThan(seen.length / 4);
      expect(seen.length).toBeGreaterThan(20);
    },
    300_000,
  );
});

const withoutAsOf = (answers: readonly string[]) => answers.join().replaceAll(/"asOf":\{[^}]*\}/g, '');
