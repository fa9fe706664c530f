import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { activitiesContext, activityStream } from '#activities';
import { Projectors, type Summary } from '#event-sourcing';
import { readSnapshot, type Bound, type Query } from '#postgres';
import { idOf, random, startReadModel, type ReadModel } from '#testing';
import pg from 'pg';
import { randomHistory } from '../../../activities/src/testing/random-history.js';
import { reportingContext } from '../context.js';
import { calendarYear, yearBefore } from '../period.js';
import { byPeriod, countCells } from './count-cells.js';
import { countPeriod } from './count-period.js';
import { countYears } from './count-years.js';
import { Counts, tableParts, totalParts, type Cell } from './counts.js';
import { costsOf, tablesOf, totalsOf } from './report-figures.js';
import { everyYear } from './selections.js';
import { yearCountSummary } from './year-count-summary.js';
import { countYearsAt } from './year-counts.js';

const EVERY = 7;
const RECORDED = '2026-01-05T10:00:00.000Z';

describe('counts of years', () => {
  let model: ReadModel;
  let sql: pg.Client;
  const summary: Summary = yearCountSummary(EVERY);
  const positions: bigint[] = [];
  const next = random(20261126);

  beforeAll(async () => {
    // Nothing sums up by itself: how far the marks are is set by each test.
    model = await startReadModel(activitiesContext, { ...reportingContext, summaries: [] });
    sql = new pg.Client((model.dataSource.options as { url: string }).url);
    await sql.connect();
    model.startProjectors();
    await record(0, 40);
    await model.projected();
  });
  afterAll(async () => {
    await sql?.end();
    await model?.stop();
  });

  /** Interleaved histories of activities: planned or logged, moved between years, withdrawn, marked, reinstated. */
  async function record(first: number, count: number, commands = 40): Promise<void> {
    const histories = Array.from({ length: count }, (_, n) => {
      const id = idOf(`activity ${first + n}`);
      return { stream: activityStream(id), commands: randomHistory(id, commands, next) };
    });
    for (let left = histories; left.length > 0; left = left.filter(({ commands }) => commands.length > 0)) {
      const { stream, commands } = left[next(left.length)]!;
      positions.push(await model.record(stream, commands.shift()!, RECORDED));
    }
  }

  const read = <Result>(work: (query: Query) => Promise<Result>) => readSnapshot(model.dataSource, work);
  const boundAt = (position: bigint): Bound => ({
    ...{ position: String(position), newest: position === positions.at(-1) },
    time: `20${10 + next(20)}-0${1 + next(9)}-1${next(9)}T12:00:00.000Z`,
  });
  const cellsOf = (counts: ReadonlyMap<string, Counts>): Record<string, Cell[]> =>
    Object.fromEntries(
      [...counts]
        .filter(([, each]) => !each.isEmpty)
        .map(([year, each]) => [year, each.sorted([...totalParts, ...tableParts])] as const)
        .sort(([one], [other]) => (one < other ? -1 : 1)),
    );
  const fromNothing = async (query: Query, bound: Bound) =>
    byPeriod(await countCells(query, everyYear({ bound })));

  /** At positions and times at random what the marks give is what counting everything gives; so are report and series. */
  async function expectSame(rounds: number): Promise<void> {
    for (let round = 0; round < rounds; round++) {
      const bound = boundAt([-1n, positions.at(-1)!][round] ?? positions[next(positions.length)]!);
      await read(async (query) => {
        const whole = await fromNothing(query, bound);
        for (const followed of [undefined, 0, 3 * EVERY])
          expect(cellsOf(await countYearsAt(query, { bound }, {}, followed))).toEqual(cellsOf(whole));
        const year = 2010 + next(16);
        const [period, before] = [calendarYear(year), yearBefore(calendarYear(year))];
        const [current, previous] = [year, year - 1].map((each) => whole.get(String(each)) ?? new Counts());
        expect(await countPeriod(query, { bound }, period, before)).toEqual({
          current: totalsOf(current!, bound.time),
          previous: totalsOf(previous!, bound.time),
          tables: tablesOf(current!),
          costs: costsOf(current!),
        });
        const series = [...(await countYears(query, { bound }))].sort(([one], [other]) =>
          one < other ? -1 : 1,
        );
        const years = Object.keys(cellsOf(whole)).map((each) => [
          each,
          totalsOf(whole.get(each)!, bound.time),
        ]);
        expect(series).toEqual(years);
      });
    }
  }

  async function step(): Promise<boolean> {
    await sql.query('begin');
    const isMore = await summary.advance(sql, 'activities', positions.at(-1)!);
    await sql.query('commit');
    return isMore;
  }
  async function allSteps(): Promise<void> {
    while (await step());
  }
  const kept = async () => {
    const { rows: marks } = await sql.query('select position from activities.count_mark order by 1');
    const { rows } = await sql.query('select * from activities.year_count order by position, year');
    return { marks: marks.map(({ position }) => position as string), rows };
  };
  const empty = () => sql.query('truncate activities.count_mark, activities.year_count');

  it('are those of counting everything, while no mark stands, while marks lag, and when all stand', async () => {
    await empty();
    await expectSame(10);
    expect(await step()).toBe(true);
    expect((await kept()).marks).toHaveLength(20);
    await expectSame(15);
    await allSteps();
    await expectSame(25);
    await record(40, 10);
    await model.projected();
    await expectSame(15);
    await allSteps();
    await expectSame(15);
  });

  it('stand at every so many events, and are the same in whatever steps they were made', async () => {
    const { rows: events } = await sql.query('select position from activities.timeline order by position');
    const marks = events.map(({ position }) => position as string).filter((_, n) => n % EVERY === EVERY - 1);
    await allSteps();
    const before = await kept();
    expect(before.marks).toEqual(marks);
    await empty();
    await allSteps();
    expect(await kept()).toEqual(before);
  });

  it('are the same after the summarizers were cut off again and again, and after all rows were made anew', async () => {
    await allSteps();
    const undisturbed = await kept();
    await model.stopProjectors();
    const log = { info: () => undefined, error: () => undefined };
    const { url: databaseUrl } = model.dataSource.options as { url: string };
    const [projection] = activitiesContext.projections;
    const keep = (version: number, batch: number) => {
      const projectors = new Projectors({
        ...{ databaseUrl, store: model.store, prefixes: projection!.streamPrefixes, log, batch },
        ...{ projections: [{ ...projection!, version }], summaries: [summary] },
      });
      projectors.start();
      return projectors;
    };
    // Of another version, so that both begin with making the rows anew.
    const version = projection!.version + 1;
    const isKept = async () => {
      const { rows } = await sql.query(
        "select from public.projection where name = 'activities' and version = $1 and position >= $2",
        [version, String(positions.at(-1))],
      );
      return rows.length > 0 && !(await summary.isDue(sql, 'activities'));
    };
    const processes = [keep(version, 3), keep(version, 3)];
    try {
      for (let cut = 0; cut < 4 || !(await isKept());) {
        if (cut < 4) {
          const { rowCount } = await sql.query(
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'summarizer activities'",
          );
          cut += rowCount!;
        }
        await new Promise(setImmediate);
      }
    } finally {
      await Promise.all(processes.map((projectors) => projectors.stop()));
    }
    expect(await kept()).toEqual(undisturbed);
    await expectSame(10);
    await sql.query("update public.projection set version = $1 where name = 'activities'", [
      projection!.version,
    ]);
    model.startProjectors();
  });

  it('cost a report as few rows as there are events since a mark, however many activities its year has', async () => {
    await record(50, 300, 1);
    await model.projected();
    await allSteps();
    const fetched = async (position: bigint) =>
      read(async (query) => {
        // Tables this small may well be read whole.
        await query('set local enable_seqscan = off');
        // What the session has read before is in it too, until it is told to the server.
        const rows = async () => {
          const [row] = await query<{ rows: number }>(
            `select sum(coalesce(idx_tup_fetch, 0) + seq_tup_read)::integer as rows from pg_stat_xact_user_tables
             where schemaname = 'activities' and relname in ('activity', 'participation', 'cost')`,
          );
          return row!.rows;
        };
        const before = await rows();
        const period = calendarYear(2015);
        await countPeriod(
          query,
          { bound: { ...boundAt(position), newest: false } },
          period,
          yearBefore(period),
        );
        return (await rows()) - before;
      });
    const most: number[] = [];
    for (const position of positions.slice(-2 * EVERY)) most.push(await fetched(position));
    expect(Math.max(...most)).toBeGreaterThan(0);
    // An activity, its participation and its cost: found, and counted, before and after.
    expect(Math.max(...most)).toBeLessThan(EVERY * 3 * 3);
  });
});
