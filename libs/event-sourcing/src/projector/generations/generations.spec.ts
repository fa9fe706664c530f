import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startTemporaryStores, type TemporaryStores } from '#embedded';
import pg from 'pg';
import { ledgerProjection, ledgerTables } from '../../testing/ledger.js';
import { introduce, readStanding, takeOver } from '../checkpoint.js';
import { tryToLead } from '../leadership.js';
import type { Decision } from '../commands/decision.js';
import { pauseProjection } from '../commands/pause-projection.js';
import { projectionMigrations } from '../projection-tables.js';
import {
  beginGeneration,
  dropGeneration,
  GenerationConflict,
  GenerationNotFound,
  switchGeneration,
} from './generations.js';

describe('generations', () => {
  let stores: TemporaryStores;
  let sql: pg.Client;

  beforeAll(async () => {
    stores = await startTemporaryStores();
    sql = new pg.Client(stores.databaseUrl);
    await sql.connect();
    const runner = { query: (text: string) => sql.query(text) } as never;
    for (const Migration of projectionMigrations) await new Migration().up(runner);
  });
  afterAll(async () => {
    await sql?.end();
    await stores?.stop();
  });
  beforeEach(async () => {
    const { rows } = await sql.query("select nspname from pg_namespace where nspname like 'ledger%'");
    for (const { nspname } of rows as { nspname: string }[])
      await sql.query(`drop schema ${nspname} cascade`);
    await sql.query('truncate public.projection, public.projection_skip');
    for (const statement of ledgerTables) await sql.query(statement);
    await introduce(sql, 'ledger', 1);
  });

  const at = new Date('2026-03-01T12:00:00.000Z');
  const decision: Decision = { by: 'staff-1', reason: 'mended', at };
  const begin = (version = 1) => beginGeneration(sql, { ...ledgerProjection, version }, decision);
  const switchTo = (building: string, reached?: bigint) => switchGeneration(sql, building, { reached, at });
  const projections = async () => {
    const { rows } = await sql.query(
      'select name, phase, position::int from public.projection order by phase, generation',
    );
    return rows as { name: string; phase: string; position: number }[];
  };
  const moveTo = (name: string, position: number) =>
    sql.query('update public.projection set position = $2 where name = $1', [name, position]);
  const put = (schema: string, sum: number) =>
    sql.query(`insert into ${schema}.account values ('ledger-1', $1, 1, 5, 9223372036854775807)`, [sum]);
  const sums = async (schema = 'ledger', client = sql) =>
    ((await client.query(`select sum::int from ${schema}.account`)).rows as { sum: number }[]).map(
      ({ sum }) => sum,
    );
  const describeTable = async (schema: string) => {
    const { rows } = await sql.query(
      `select column_name, data_type, is_nullable from information_schema.columns where table_schema = $1
       union all select indexname, replace(indexdef, $1 || '.', ''), '' from pg_indexes where schemaname = $1
       union all select conname, pg_get_constraintdef(c.oid), '' from pg_constraint c
         join pg_namespace n on n.oid = connamespace where nspname = $1 order by 1, 2`,
      [schema],
    );
    return rows as unknown[];
  };

  it('begins empty, with the same columns, constraints and indexes by the same names', async () => {
    await put('ledger', 1);
    const building = await begin();
    expect(await sums(building)).toEqual([]);
    const made = await describeTable(building);
    expect(made.length).toBeGreaterThan(8);
    expect(made).toEqual(await describeTable('ledger'));
  });

  it('has one under way at a time, and leaves nothing of another', async () => {
    const [, number] = (await begin()).split('_');
    await expect(begin()).rejects.toThrow('is being made already');
    expect(await projections()).toHaveLength(2);
    await dropGeneration(sql, `ledger_${number}`, at);
    // One that was refused has used up no number.
    expect(await begin()).toBe(`ledger_${Number(number) + 1}`);
  });

  it('serves only once it is not behind the one that does, and keeps that', async () => {
    await put('ledger', 1);
    await moveTo('ledger', 5);
    const building = await begin();
    await put(building, 2);
    await moveTo(building, 4);
    expect(await switchTo(building)).toBe('behind');
    expect(await sums()).toEqual([1]);
    await moveTo(building, 5);
    expect(await switchTo(building)).toBe('switched');
    expect(await sums()).toEqual([2]);
    expect(await sums('ledger_1')).toEqual([1]);
    expect(await projections()).toEqual([
      { name: 'ledger_1', phase: 'retired', position: 5 },
      { name: 'ledger', phase: 'serving', position: 5 },
    ]);
  });

  it('lets reads of several statements finish on what they began with', async () => {
    await put('ledger', 1);
    const building = await begin();
    await put(building, 2);
    const reader = new pg.Client(stores.databaseUrl);
    await reader.connect();
    await reader.query('begin isolation level repeatable read');
    await reader.query('lock table public.projection in access share mode');
    expect(await switchTo(building)).toBe('busy');
    expect(await sums('ledger', reader)).toEqual([1]);
    await reader.query('commit');
    expect(await switchTo(building)).toBe('switched');
    expect(await sums('ledger', reader)).toEqual([2]);
    await reader.end();
  });

  it('drops one that serves no more or is being made, never the one that serves', async () => {
    const building = await begin();
    await dropGeneration(sql, building, at);
    expect(await projections()).toEqual([{ name: 'ledger', phase: 'serving', position: -1 }]);
    await expect(sums(building)).rejects.toThrow('does not exist');
    for (const serving of ['ledger', 'ledger_1'])
      await expect(dropGeneration(sql, serving, at)).rejects.toThrow(GenerationConflict);
    await expect(dropGeneration(sql, building, at)).rejects.toThrow(GenerationNotFound);
    const next = await begin();
    expect(await switchTo(next)).toBe('switched');
    await dropGeneration(sql, 'ledger_1', at);
    expect(await projections()).toHaveLength(1);
  });

  it('is told from what the program begins by itself: that one only in place of an older version', async () => {
    await expect(beginGeneration(sql, ledgerProjection, { at })).rejects.toThrow(GenerationConflict);
    await sql.query('update public.projection set version = 2');
    await expect(begin()).rejects.toThrow("The rows of ledger are of version 2, this program's of 1.");
    const nothing = beginGeneration(sql, { name: 'nothing', version: 1 }, decision);
    await expect(nothing).rejects.toThrow('No projector has led nothing yet.');
    await beginGeneration(sql, { ...ledgerProjection, version: 3 }, { at });
    const { rows } = await sql.query(
      "select started_at, started_by, version from public.projection where phase = 'building'",
    );
    expect(rows).toEqual([{ started_at: at, started_by: null, version: 3 }]);
  });

  it('serves from where it is known to lack nothing, and never goes back', async () => {
    await moveTo('ledger', 7);
    const building = await begin();
    await moveTo(building, 5);
    expect(await switchTo(building, 6n)).toBe('behind');
    expect(await switchTo(building, 9n)).toBe('switched');
    expect((await projections()).at(-1)).toEqual({ name: 'ledger', phase: 'serving', position: 7 });
  });

  it('does not serve while an operator has paused either', async () => {
    const building = await begin();
    await pauseProjection(sql, 'ledger', decision);
    expect(await switchTo(building)).toBe('held');
    await sql.query("update public.projection set state = 'running', paused_by = null");
    await pauseProjection(sql, building, decision);
    expect(await switchTo(building)).toBe('held');
  });

  it('shuts out who led the one before, and the events it left out are left out no more', async () => {
    await tryToLead(sql, 'ledger');
    const epoch = await takeOver(sql, 'ledger', 1);
    const skip = (name: string, position: number) =>
      sql.query(
        `insert into public.projection_skip (projection, position, skipped_at, skipped_by, reason, error)
         values ($1, $2, now(), 'staff-1', 'twice', '{}')`,
        [name, position],
      );
    await skip('ledger', 1);
    const building = await begin();
    await skip(building, 2);
    const next = await takeOver(sql, building, 1);
    expect(await switchTo(building)).toBe('switched');
    await expect(readStanding(sql, 'ledger', epoch)).rejects.toThrow('another leads');
    expect((await readStanding(sql, 'ledger', next)).skipped).toEqual(new Set([2n]));
  });

  it('is dropped even in the middle of a batch', async () => {
    const building = await begin();
    const leader = new pg.Client(stores.databaseUrl);
    leader.on('error', () => undefined);
    await leader.connect();
    await tryToLead(leader, building);
    await takeOver(leader, building, 1);
    await leader.query('begin');
    await leader.query(`insert into ${building}.account values ('ledger-1', 1, 1, 5, 9223372036854775807)`);
    await dropGeneration(sql, building, at);
    await expect(leader.query(`update public.projection set position = 5`)).rejects.toThrow();
    expect(await projections()).toHaveLength(1);
  });
});
