import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { entities, migrations, projections } from '#application';
import { startTemporaryStores, type TemporaryStores } from '#embedded';
import type { DataSource } from 'typeorm';
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
    const ran = await Promise.all(processes.map(migrate));
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
});
