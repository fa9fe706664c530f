import { createReadStream } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { INestApplicationContext } from '@nestjs/common';
import { ActivityPolicy } from '#activities';
import { streamPrefixes } from '#application';
import { createLogger, onShutdown, readConfig, type Config, type ConnectedConfig } from '#process';
import { CommandExecutor, EventStore, ProjectionPositions } from '#event-sourcing';
import { awaitAsOf, CaughtUp } from '#http';
import { importRecords, loadProfile, type ImportSummary } from '#importing';
import { readAnnualReport, readAnnualTotals, reportedProjections, ReportPolicy } from '#reporting';
import { Clock } from '#shared-kernel';
import Table from 'cli-table3';
import { Command } from 'commander';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { annualTotalsTable, reportTables } from '../report/tables.js';
import { startInstance } from '../start/instance.js';
import { connect } from '../stores/connect.js';

/** The example files and the profile that reads each. Their rows name the public source of every fact. */
const FILES = [
  { file: 'exercises.csv', profile: 'az-exercises' },
  { file: 'courses_conferences.csv', profile: 'az-courses' },
  { file: 'dialogues.csv', profile: 'az-dialogues' },
  { file: 'documents.csv', profile: 'az-documents' },
  { file: 'contributions.csv', profile: 'az-contributions' },
  { file: 'annual_stats.csv', profile: 'az-annual-stats' },
];
const folder = new URL('../../../../../examples/azerbaijan-nato/', import.meta.url);
const CATCH_UP = 60_000;

/** `coop demo` */
export function demoCommand(): Command {
  return new Command('demo')
    .description('start everything, import the example files, print the reports and keep serving')
    .option('--exit', 'stop after the report', false)
    .action(demo);
}

/**
 * `coop demo`: starts everything embedded, imports the example files, prints the table of years and the report of the newest
 * year with the most activities, and keeps serving; with `exit` it stops after the report. Run again, it adds nothing.
 */
async function demo({ exit }: { exit: boolean }): Promise<void> {
  const given = readConfig({ LOG_LEVEL: 'warn', ...process.env });
  const config = { ...given, PORT: await freeOr(given) };
  const log = createLogger(config, 'coop');
  console.log(`Starting the stores, the projector and the API (data in ${config.DATA_DIR}) …`);
  const starting = startInstance(config, log, (error) => {
    log.fatal({ err: error }, 'the embedded stores are gone; start again to recover');
    process.exitCode = 1;
    process.kill(process.pid, 'SIGTERM');
  });
  onShutdown(async () => {
    const instance = await starting.catch(() => undefined);
    await instance?.stop();
  });
  const instance = await starting;
  try {
    await importAndReport(instance.config, log);
  } catch (error) {
    await instance.stop();
    throw error;
  }
  if (exit) {
    await instance.stop();
    process.exit(0);
  }
  console.log(`
Serving until Ctrl-C:
  reports   ${instance.url}/api/v1/reports/annual
  lists     ${instance.url}/api/v1/activities
  API page  ${instance.url}/api/docs`);
}

async function importAndReport(config: ConnectedConfig, log: Logger): Promise<void> {
  const application = await connect(config, log);
  try {
    await importFiles(application);
    await printReports(application);
  } finally {
    await application.close();
  }
}

async function importFiles(application: INestApplicationContext): Promise<void> {
  const stores = {
    eventStore: application.get(EventStore),
    executor: application.get(CommandExecutor),
    policy: application.get(ActivityPolicy),
    clock: application.get(Clock),
  };
  const table = new Table({
    head: ['file', 'rows', 'created', 'unchanged', 'rejected', 'warnings'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [] },
  });
  for (const { file, profile } of FILES) {
    const summary: ImportSummary = await importRecords(stores, {
      file: createReadStream(fileURLToPath(new URL(file, folder))),
      format: 'csv',
      profile: await loadProfile(profile),
      actor: { id: 'demo', roles: [] },
    });
    const { rows, created, unchanged, rejected, warningCount } = summary;
    table.push([`examples/azerbaijan-nato/${file}`, rows, created, unchanged, rejected, warningCount]);
  }
  console.log(`\nImported\n${table.toString()}`);

  const head = await stores.eventStore.head(streamPrefixes);
  const positions = application.get(ProjectionPositions);
  for (const name of reportedProjections) {
    if (!(await positions.whenCaughtUp(name, head?.position ?? -1n, CATCH_UP)))
      throw new Error(`${name} did not reach position ${head?.position} in ${CATCH_UP / 1000} s`);
  }
}

async function printReports(application: INestApplicationContext): Promise<void> {
  const dataSource = application.get(DataSource);
  const { annualTarget } = application.get(ReportPolicy);
  const clock = application.get(Clock);
  const state = await awaitAsOf({}, reportedProjections, clock, application.get(CaughtUp));
  const request = { ...state, annualTarget };
  const totals = await readAnnualTotals(dataSource, request);
  console.log(`\nActivities a year\n${annualTotalsTable(totals)}`);
  const [fullest] = totals.years.toSorted((one, other) => other.total - one.total || other.year - one.year);
  if (fullest) console.log(`\n${reportTables(await readAnnualReport(dataSource, fullest.year, request))}`);
}

/** The configured port; any free one when nobody chose and the usual one is taken, since a demo should just start. */
async function freeOr({ HOST, PORT }: Config): Promise<number> {
  if (process.env.PORT) return PORT;
  const probe = createServer();
  const free = await new Promise<boolean>((resolve) => {
    probe.once('error', () => resolve(false));
    probe.listen(PORT, HOST, () => probe.close(() => resolve(true)));
  });
  if (!free) console.log(`Port ${PORT} is taken, using a free one.`);
  return free ? PORT : 0;
}
