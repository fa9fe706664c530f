#!/usr/bin/env node
import { InvalidConfig } from '#application';
import { DataFolderInUseError } from '#embedded';
import { InvalidArgumentError, Option, program } from 'commander';
import { demo } from './demo/demo.js';
import { importCommand } from './import/import-command.js';
import { projections } from './projections/projections.js';
import { report, type ReportOptions } from './report/report.js';
import { start } from './start/start.js';

program
  .name('coop')
  .description('Record, import and report cooperation activities. Configuration: see README.md.')
  .showHelpAfterError();

program
  .command('start')
  .description('start everything: stores (embedded ones unless configured), projector and API')
  .action(start);

program
  .command('demo')
  .description('start everything, import the example files, print the reports and keep serving')
  .option('--exit', 'stop after the report', false)
  .action(demo);

program.addCommand(importCommand());

program
  .command('report')
  .description("print the table of years, or one year's report")
  .argument('[year]', 'such as 2017', yearOf)
  .option('--as-of <time>', 'as it stood at a time, such as 2026-01-31T12:00:00Z', timeOf)
  .option('--country <code>', 'only where this country took part (ISO 3166-1 alpha-2)')
  .addOption(new Option('--format <format>').choices(['table', 'json', 'csv']).default('table'))
  .action((year: number | undefined, options: ReportOptions) => report(year, options));

program
  .command('projections')
  .description('show how far each read model is behind the event store')
  .option('--max-lag <seconds>', 'exit with status 1 when one is further behind', Number)
  .action(projections);

function yearOf(text: string): number {
  if (!/^(19|20|21)\d\d$/.test(text)) throw new InvalidArgumentError('Give a year such as 2017.');
  return Number(text);
}

function timeOf(text: string): string {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new InvalidArgumentError('Give a time such as 2026-01-31T12:00:00Z.');
  if (time > Date.now()) throw new InvalidArgumentError('What will be known then is not known yet.');
  return text;
}

program.parseAsync().catch((error: unknown) => {
  // These say what to do; anything else is a bug, and its stack helps.
  const expected = error instanceof InvalidConfig || error instanceof DataFolderInUseError;
  console.error(expected ? (error as Error).message : error);
  process.exit(2);
});
