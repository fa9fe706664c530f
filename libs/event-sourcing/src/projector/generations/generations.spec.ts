import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startTemporaryStores, type TemporaryStores } from '#embedded';
import pg from 'pg';
import { ledgerProjection, ledgerTables } from '../../testing/ledger.js';
import { takeOver } from '../checkpoint.js';
import { projectionMigrations } from '../projection-tables.js';
import { AddGenerations1700000008000 } from './add-generations.migration.js';
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
    for (const Migration of [...projectionMigrations, AddGenerations1700000008000])
      await new Migration().up(runner);
  });
  afterAll(async () => {
    await sql?.end();
    await stores?.stop();
  });
  beforeEach(async () => {
    const { rows } = await sql.query("select nspname from pg_namespace where nspname like 'ledger%'");
    for (const { nspname } of rows as { nspname: string }[])
      await sql.query(`drop schema ${nspname} cascade`);
    await sql.query('delete from public.projection');
    for (const statement of ledgerTables) await sql.query(statement);
    await takeOver(sql, 'ledger', 1);
  });

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
    const building = await beginGeneration(sql, ledgerProjection);
    expect(await sums(building)).toEqual([]);
    const made = await describeTable(building);
    expect(made.length).toBeGreaterThan(8);
    expect(made).toEqual(await describeTable('ledger'));
  });

  it('has one under way at a time, and leaves nothing of another', async () => {
    await beginGeneration(sql, ledgerProjection);
    await expect(beginGeneration(sql, ledgerProjection)).rejects.toThrow(GenerationConflict);
    expect(await projections()).toHaveLength(2);
  });

  it('serves only once it is not behind the one that does, and keeps that', async () => {
    await put('ledger', 1);
    await moveTo('ledger', 5);
    const building = await beginGeneration(sql, ledgerProjection);
    await put(building, 2);
    await moveTo(building, 4);
    expect(await switchGeneration(sql, building)).toBe(false);
    expect(await sums()).toEqual([1]);
    await moveTo(building, 5);
    expect(await switchGeneration(sql, building)).toBe(true);
    expect(await sums()).toEqual([2]);
    expect(await sums('ledger_1')).toEqual([1]);
    expect(await projections()).toEqual([
      { name: 'ledger_1', phase: 'retired', position: 5 },
      { name: 'ledger', phase: 'serving', position: 5 },
    ]);
  });

  it('lets reads of several statements finish on what they began with', async () => {
    await put('ledger', 1);
    const building = await beginGeneration(sql, ledgerProjection);
    await put(building, 2);
    const reader = new pg.Client(stores.databaseUrl);
    await reader.connect();
    await reader.query('begin isolation level repeatable read');
    await reader.query('lock table public.projection in access share mode');
    expect(await switchGeneration(sql, building)).toBe(false);
    expect(await sums('ledger', reader)).toEqual([1]);
    await reader.query('commit');
    expect(await switchGeneration(sql, building)).toBe(true);
    expect(await sums('ledger', reader)).toEqual([2]);
    await reader.end();
  });

  it('drops one that serves no more or is being made, never the one that serves', async () => {
    const building = await beginGeneration(sql, ledgerProjection);
    await dropGeneration(sql, building);
    expect(await projections()).toEqual([{ name: 'ledger', phase: 'serving', position: -1 }]);
    await expect(sums(building)).rejects.toThrow('does not exist');
    await expect(dropGeneration(sql, 'ledger')).rejects.toThrow(GenerationConflict);
    await expect(dropGeneration(sql, building)).rejects.toThrow(GenerationNotFound);
    const next = await beginGeneration(sql, ledgerProjection);
    expect(await switchGeneration(sql, next)).toBe(true);
    await dropGeneration(sql, 'ledger_1');
    expect(await projections()).toHaveLength(1);
  });
});
