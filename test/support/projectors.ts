import { fork, type ChildProcess } from 'node:child_process';
import { entities, migrations, summaries } from '#application';
import { createDataSource, migrate } from '#postgres';
import pg from 'pg';
import { environment } from './instance.js';

/** A database of its own beside the given one, with the read model's empty tables; answers its address. */
export async function makeReadModel(databaseUrl: string, name: string): Promise<string> {
  const admin = new pg.Client(databaseUrl);
  await admin.connect();
  // Of an earlier run, on given stores.
  await admin.query(`drop database if exists ${name} with (force)`);
  await admin.query(`create database ${name}`);
  await admin.end();
  const url = new URL(databaseUrl);
  url.pathname = `/${name}`;
  const dataSource = await createDataSource(url.href, entities, migrations).initialize();
  await migrate(dataSource);
  await dataSource.destroy();
  return url.href;
}

/** A projector process. */
export function forkProjector(eventStoreUrl: string, databaseUrl: string, logLevel = 'silent'): ChildProcess {
  return fork('dist/apps/projector/src/main.js', {
    env: environment({
      EVENTSTOREDB_URL: eventStoreUrl,
      DATABASE_URL: databaseUrl,
      LOG_LEVEL: logLevel,
    }),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

export async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

/** Waits until what a running projector sums up of its rows is up to date. */
export async function summarized(databaseUrl: string): Promise<void> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  for (const summary of summaries)
    while (await summary.isDue(client, summary.of)) await new Promise(setImmediate);
  await client.end();
}

/** Every row of the activities' tables, and where the projection stands. */
export async function activityRows(databaseUrl: string): Promise<unknown[][]> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  const { rows: tables } = await client.query(
    "select table_name from information_schema.tables where table_schema = 'activities' order by 1",
  );
  const all: unknown[][] = [];
  for (const { table_name } of tables as { table_name: string }[]) {
    const { rows } = await client.query(
      `select to_jsonb(t)::text as row from activities.${table_name} t order by 1`,
    );
    all.push([table_name, ...rows.map(({ row }) => row as string)]);
  }
  const { rows } = await client.query(
    "select position, events from public.projection where name = 'activities'",
  );
  await client.end();
  return [...all, rows];
}
