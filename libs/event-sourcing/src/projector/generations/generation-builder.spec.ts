import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { ledgerTables } from '../../testing/ledger.js';
import { ledgerNamed, startLedgers, until, type Ledgers } from '../../testing/projectors.js';
import { pauseProjection } from '../commands/pause-projection.js';
import { resumeProjection } from '../commands/resume-projection.js';
import { skipEvent } from '../commands/skip-event.js';
import type { Projection } from '../projection.js';
import { beginGeneration, dropGeneration } from './generations.js';

const at = new Date('2026-03-01T12:00:00.000Z');
const decision = { by: 'staff-1', reason: 'mended', at };

describe('a generation', () => {
  let ledgers: Ledgers;
  let stream = '';
  /** Of the events of this test. */
  let ledger: Projection;
  let tests = 0;

  beforeAll(async () => {
    ledgers = await startLedgers([]);
  });
  beforeEach(async () => {
    stream = `ledger-${tests++}.`;
    ledger = ledgerNamed('ledger', { streamPrefixes: [stream] });
    for (const statement of ledgerTables) await ledgers.sql.query(statement);
  });
  afterEach(async () => {
    await ledgers.stopAll();
    const { rows } = await ledgers.sql.query("select nspname from pg_namespace where nspname like 'ledger%'");
    for (const { nspname } of rows as { nspname: string }[])
      await ledgers.sql.query(`drop schema ${nspname} cascade`);
    await ledgers.sql.query('truncate public.projection, public.projection_skip');
  });
  afterAll(() => ledgers?.stop());

  const ledgerWith = (changes: Partial<Projection>): Projection => ({ ...ledger, ...changes });
  const ones = (count: number) => Array.from({ length: count }, () => 1);
  const begin = (projection: Projection = ledger) => beginGeneration(ledgers.sql, projection, decision);
  const rowOf = async (name: string) => {
    const { rows } = await ledgers.sql.query(
      'select phase, generation, version, state, position::int, events::int from public.projection where name = $1',
      [name],
    );
    return rows[0] as
      | {
          phase: string;
          generation: number;
          version: number;
          state: string;
          position: number;
          events: number;
        }
      | undefined;
  };
  const serves = (generation: string) =>
    until(async () => (await rowOf('ledger'))?.generation === Number(generation.split('_')[1]));
  const versions = async (schema = 'ledger') => {
    const { rows } = await ledgers.sql.query(`select * from ${schema}.account order by id, from_position`);
    const { rows: times } = await ledgers.sql.query(`select * from ${schema}.timeline order by position`);
    return [rows as unknown[], times as unknown[]];
  };

  it('is filled while the one that serves goes on, and then serves the same rows', async () => {
    ledgers.start([ledger]);
    for (let n = 0; n < 20; n++) await ledgers.add(stream, ones(100));
    const building = await begin();
    let isServing = false;
    const serving = serves(building).then(() => (isServing = true));
    // As one who reads what he has written.
    while (!isServing) {
      const position = await ledgers.add(stream, ones(1));
      await ledgers.caughtUp(position, 'ledger');
      const { rows } = await ledgers.sql.query('select max(from_position) as newest from ledger.account');
      expect(BigInt((rows[0] as { newest: string }).newest)).toBeGreaterThanOrEqual(position);
    }
    await serving;
    expect(await rowOf('ledger_1')).toMatchObject({ phase: 'retired', version: 1 });
    const [rows, times] = await versions();
    const [before, timesBefore] = await versions('ledger_1');
    expect(before!.length).toBeGreaterThanOrEqual(2_000);
    // Of the last version that the old one made it does not know whether it still holds.
    expect(rows!.slice(0, before!.length - 1)).toEqual(before!.slice(0, -1));
    expect(times!.slice(0, timesBefore!.length)).toEqual(timesBefore);
    await ledgers.caughtUp(await ledgers.add(stream, [5]), 'ledger');
    expect(await rowOf(building)).toBe(undefined);
  });

  it('serves although nothing is written, and others wrote last', async () => {
    ledgers.start([ledger]);
    await ledgers.add(stream, [1]);
    await ledgers.caughtUp(await ledgers.add('other-1', [1]), 'ledger');
    await ledgers.sql.query('update public.projection set position = position + 1');
    const building = await begin();
    await serves(building);
    expect((await rowOf('ledger'))!.events).toBe((await rowOf('ledger_1'))!.events);
  });

  it('is gone on with by another process, whatever became of the first', async () => {
    const first = ledgers.start([ledger]);
    const last = await ledgers.add(stream, ones(500));
    await ledgers.caughtUp(last, 'ledger');
    const before = await versions();
    await first.stop();
    const building = await begin();
    // One that is stopped in the middle, one whose connections are cut, and one that goes on from there.
    const second = ledgers.start([ledger], { batch: 1 });
    await until(async () => (await rowOf(building))!.position >= 0);
    await second.stop();
    const reached = (await rowOf(building))!.position;
    expect(reached).toBeLessThan(Number(last));
    ledgers.start([ledger], { batch: 1 });
    for (let cut = 0; cut < 3;) {
      const { rowCount } = await ledgers.sql.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where application_name in ('projector ${building}', 'generation builder')`,
      );
      if (rowCount! > 0) cut++;
    }
    ledgers.start([ledger]);
    await serves(building);
    expect(await versions()).toEqual(before);
  });

  it('serves once, with the same rows, where several processes write and switch', async () => {
    for (let process = 0; process < 3; process++) ledgers.start([ledger]);
    await ledgers.caughtUp(await ledgers.add(stream, ones(200)), 'ledger');
    for (let n = 0; n < 3; n++) {
      const building = await begin();
      await serves(building);
      await ledgers.caughtUp(await ledgers.add(stream, [1]), 'ledger');
      expect(await ledgers.sumIn('ledger', stream)).toBe(201 + n);
    }
    const { rows } = await ledgers.sql.query('select phase from public.projection order by phase');
    expect((rows as { phase: string }[]).map(({ phase }) => phase)).toEqual([
      ...['retired', 'retired', 'retired', 'serving'],
    ]);
  });

  it('waits for reads of several statements, which see nothing of it', async () => {
    ledgers.start([ledger]);
    await ledgers.caughtUp(await ledgers.add(stream, [1]), 'ledger');
    const reader = new pg.Client(ledgers.stores.databaseUrl);
    await reader.connect();
    await reader.query('begin isolation level repeatable read');
    await reader.query('lock table public.projection in access share mode');
    const building = await begin();
    await until(async () => {
      const { rows } = await ledgers.sql.query(
        "select from pg_locks where mode = 'AccessExclusiveLock' and not granted",
      );
      return rows.length > 0;
    });
    expect((await reader.query('select sum::int from ledger.account')).rows).toHaveLength(1);
    await reader.query('commit');
    await reader.end();
    await serves(building);
  });

  it('serves at once when an operator resumes what serves, however long that was paused', async () => {
    // Time stands still: what waits for it waits for good.
    ledgers.start([ledger], { clock: { now: () => at } });
    await ledgers.caughtUp(await ledgers.add(stream, [1]), 'ledger');
    await pauseProjection(ledgers.sql, 'ledger', decision);
    const building = await begin();
    await until(async () => {
      const { rows } = await ledgers.sql.query(
        `select from pg_stat_activity
         where application_name = 'generation builder' and query like '%serving.paused_by is null%'`,
      );
      return rows.length > 0;
    });
    expect((await rowOf(building))!.phase).toBe('building');
    await resumeProjection(ledgers.sql, 'ledger');
    await serves(building);
  });

  it('shows how much of the record it has read, though its own events lie at the beginning', async () => {
    const first = ledgers.start([ledger]);
    await ledgers.add(stream, ones(3));
    await ledgers.caughtUp(await ledgers.add(`other-${stream}`, ones(500)), 'ledger');
    await first.stop();
    const building = await begin();
    const progress = async () => (await ledgers.statusOf('ledger')).generations[0]!.progress!;
    expect(await progress()).toMatchObject({ events: 0, percent: 0 });
    expect(await progress()).not.toHaveProperty('secondsLeft');
    const { position } = (await rowOf('ledger'))!;
    await ledgers.sql.query('update public.projection set position = $2, events = 3 where name = $1', [
      building,
      Math.floor(position / 4),
    ]);
    const { percent, secondsLeft } = await progress();
    expect(percent).toBeGreaterThanOrEqual(24);
    expect(percent).toBeLessThanOrEqual(25);
    const { rows } = await ledgers.sql.query(
      'select extract(epoch from now() - started_at)::float as ran from public.projection where name = $1',
      [building],
    );
    expect(secondsLeft! / (rows[0] as { ran: number }).ran).toBeCloseTo(3, 1);
  });

  it('of a newer version is begun by itself, and serves in place of the older one', async () => {
    const old = ledgers.start([ledger]);
    await ledgers.caughtUp(await ledgers.add(stream, [1, 2]), 'ledger');
    const doubled = ledgerWith({
      version: 2,
      apply: (event, rows) =>
        ledger.apply({ ...event, data: { amount: 2 * (event.data as { amount: number }).amount } }, rows),
    });
    const next = [ledgers.start([doubled]), ledgers.start([doubled])];
    await until(async () => (await rowOf('ledger'))!.version === 2);
    expect(await ledgers.sumIn('ledger', stream)).toBe(6);
    expect(await ledgers.sumIn('ledger_1', stream)).toBe(3);
    // The older program leaves its rows alone.
    await ledgers.caughtUp(await ledgers.add(stream, [4]), 'ledger');
    expect(await ledgers.sumIn('ledger', stream)).toBe(14);
    await Promise.all([old, ...next].map((projectors) => projectors.stop()));
  });

  it('of a newer version takes the place of one that is made of an older one', async () => {
    const old = ledgers.start([ledger]);
    await ledgers.caughtUp(await ledgers.add(stream, [666 - 1]), 'ledger');
    await old.stop();
    const given = await begin();
    ledgers.start([ledgerWith({ version: 2 })]);
    await until(async () => (await rowOf('ledger'))!.version === 2);
    expect(await rowOf(given)).toBe(undefined);
  });

  it('leaves the rows of before to a program of before, which keeps them up to date', async () => {
    const old = ledgers.start([ledger]);
    await ledgers.caughtUp(await ledgers.add(stream, [1]), 'ledger');
    const refused = ledgerWith({
      version: 2,
      apply: () => {
        throw new Error('cannot be applied');
      },
    });
    ledgers.start([refused]);
    const { sql } = ledgers;
    const paused = async () =>
      (await sql.query("select name from public.projection where state = 'paused'")).rows as {
        name: string;
      }[];
    await until(async () => (await paused()).length > 0);
    await ledgers.caughtUp(await ledgers.add(stream, [2]), 'ledger');
    expect(await ledgers.sumIn('ledger', stream)).toBe(3);
    // Also when the newer one has had the lead in between.
    await old.stop();
    await until(async () => {
      const { rows } = await sql.query(
        "select from pg_stat_activity where application_name = 'projector ledger'",
      );
      return rows.length > 0;
    });
    ledgers.start([ledger]);
    await ledgers.caughtUp(await ledgers.add(stream, [4]), 'ledger');
    expect(await ledgers.sumIn('ledger', stream)).toBe(7);
    await dropGeneration(sql, (await paused())[0]!.name, at);
  });

  it('that meets an event it cannot apply is paused, by itself, and goes on when that is skipped', async () => {
    const lenient = ledgerWith({
      apply: (event, rows) =>
        (event.data as { amount: number }).amount === 666 ? undefined : ledger.apply(event, rows),
    });
    const first = ledgers.start([lenient]);
    const poison = await ledgers.add(stream, [666]);
    await ledgers.caughtUp(await ledgers.add(stream, [1]), 'ledger');
    await first.stop();
    const building = await begin();
    ledgers.start([ledger]);
    const paused = () => until(async () => (await rowOf(building))?.state === 'paused');
    await paused();
    await ledgers.caughtUp(await ledgers.add(stream, [2]), 'ledger');
    expect(await ledgers.sumIn('ledger', stream)).toBe(3);
    await resumeProjection(ledgers.sql, building);
    await paused();
    await skipEvent(ledgers.sql, building, poison, decision);
    await serves(building);
    expect(await ledgers.sumIn('ledger', stream)).toBe(3);
    expect((await ledgers.statusOf('ledger')).skipped).toMatchObject([{ position: String(poison) }]);
  });

  it('takes the place of rows that an event has paused, and is not paused', async () => {
    let isMended = false;
    const mended = ledgerWith({
      apply: (event, rows) => (isMended && event.stream === stream ? undefined : ledger.apply(event, rows)),
    });
    ledgers.start([mended]);
    await ledgers.add(stream, [666]);
    await until(async () => (await rowOf('ledger'))?.state === 'paused');
    isMended = true;
    const last = await ledgers.add(stream, [1]);
    await serves(await begin());
    await ledgers.caughtUp(last, 'ledger');
    expect(await rowOf('ledger')).toMatchObject({ state: 'running', position: Number(last) });
  });

  it('that is dropped leaves nothing, in whichever process it was made', async () => {
    const first = ledgers.start([ledger]);
    await ledgers.caughtUp(await ledgers.add(stream, ones(500)), 'ledger');
    await first.stop();
    const building = await begin();
    ledgers.start([ledger], { batch: 1 });
    ledgers.start([ledger], { batch: 1 });
    await until(async () => (await rowOf(building))!.position >= 0);
    await dropGeneration(ledgers.sql, building, at);
    await ledgers.caughtUp(await ledgers.add(stream, [1]), 'ledger');
    await until(async () => {
      const { rows } = await ledgers.sql.query('select from pg_stat_activity where application_name = $1', [
        `projector ${building}`,
      ]);
      return rows.length === 0;
    });
    const { rows } = await ledgers.sql.query(
      "select nspname as name from pg_namespace where nspname like 'ledger%' union all select name from public.projection",
    );
    expect(rows).toEqual([{ name: 'ledger' }, { name: 'ledger' }]);
  });
});
