import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { entities, migrations, projections } from '#application';
import { beginGeneration, introduce, restartGenerations } from '#event-sourcing';
import { startTemporaryStores, type TemporaryStores } from '#embedded';
import pg from 'pg';
import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import { createDataSource } from './data-source.js';
import { migrate } from './migrate.js';

const schemas = projections.map(({ name }) => name);
const names = migrations.map(({ name }) => name);

describe('migrate', () => {
  let stores: TemporaryStores;
  const opened: DataSource[] = [];

  beforeAll(async () => {
    stores = await startTemporaryStores();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((dataSource) => dataSource.destroy()));
  });
  afterAll(() => stores?.stop());

  const open = async (known = migrations) => {
    const dataSource = await createDataSource(stores.databaseUrl, entities, known).initialize();
    opened.push(dataSource);
    return dataSource;
  };
  /** What TypeORM would change to make the database what the entities say. */
  const differences = async (dataSource: DataSource) =>
    (await dataSource.driver.createSchemaBuilder().log()).upQueries.map(({ query }) => query);

  it('runs every migration once, however many processes start together', async () => {
    const processes = await Promise.all([open(), open(), open()]);
    const ran = await Promise.all(processes.map((each) => migrate(each)));
    expect(ran.flat()).toEqual(names);
  });

  it('makes the tables that the entities describe', async () => {
    expect(await differences(await open())).toEqual([]);
  });

  it('goes back to nothing and forth again', async () => {
    const dataSource = await open();
    for (const _ of names) await dataSource.undoLastMigration();
    const [left] = await dataSource.query<{ tables: string }[]>(
      `select count(*) as tables from information_schema.tables
       where table_schema = any($1) and table_name <> 'migration'`,
      [['public', ...schemas]],
    );
    expect(left).toEqual({ tables: '0' });
    expect(await migrate(dataSource)).toEqual(names);
    expect(await differences(dataSource)).toEqual([]);
  });

  it('begins epochs beyond all that projectors have had before they came from one sequence', async () => {
    const dataSource = await open();
    // Generations, and with them epochs.
    await dataSource.undoLastMigration();
    await dataSource.undoLastMigration();
    await dataSource.query("insert into public.projection (name, version, epoch) values ('old', 1, 41)");
    await migrate(dataSource);
    const [next] = await dataSource.query<{ epoch: string }[]>(
      "select nextval('public.projection_epoch') as epoch",
    );
    expect(Number(next!.epoch)).toBeGreaterThan(41);
    await dataSource.query('delete from public.projection');
  });

  it('runs each on a database that has only those before it, as when a context is added', async () => {
    const dataSource = await open();
    for (const _ of names) await dataSource.undoLastMigration();
    for (let known = 1; known <= names.length; known++)
      expect(await migrate(await open(migrations.slice(0, known)))).toEqual([names[known - 1]]);
    expect(await differences(dataSource)).toEqual([]);
  });

  it('begins generations under way anew, since they would lack what a migration changes', async () => {
    class AddNote1800000000000 implements MigrationInterface {
      up = (runner: QueryRunner) => runner.query('alter table activities.activity add note text');
      down = (runner: QueryRunner) => runner.query('alter table activities.activity drop note');
    }
    const dataSource = await open([...migrations, AddNote1800000000000]);
    const sql = new pg.Client(stores.databaseUrl);
    await sql.connect();
    const at = new Date('2026-03-01T12:00:00.000Z');
    await introduce(sql, 'activities', 1);
    const before = await beginGeneration(
      sql,
      { name: 'activities', version: 1 },
      { by: 'staff-1', reason: 'so', at },
    );
    expect(await migrate(dataSource, (run) => restartGenerations(sql, at, run))).toHaveLength(1);
    const { rows } = await sql.query(
      "select name, started_by, start_reason from public.projection where phase = 'building'",
    );
    const [{ name, ...asked }] = rows as [{ name: string }];
    expect(asked).toEqual({ started_by: 'staff-1', start_reason: 'so' });
    expect(name).not.toBe(before);
    expect((await sql.query(`select note from ${name}.activity`)).rows).toEqual([]);
    await expect(sql.query(`select from ${before}.activity`)).rejects.toThrow('does not exist');
    await sql.end();
    // Goes back without what is made.
    await dataSource.undoLastMigration();
    await dataSource.undoLastMigration();
    const [left] = await dataSource.query<object[]>(
      "select count(*)::integer as schemas from pg_namespace where nspname like 'activities%'",
    );
    expect(left).toEqual({ schemas: 1 });
  });
});
