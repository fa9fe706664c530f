#!/usr/bin/env node
import { explain } from '#application';
import { asOfParameters } from '#postgres';
import { country } from '#shared-kernel';
import { InvalidArgumentError, Option, program } from 'commander';
import { auditCommand } from './audit/audit-command.js';
import { demo } from './demo/demo.js';
import { eventStoreCommand } from './event-store/event-store-command.js';
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
  .option('--country <code>', 'only where this country took part (ISO 3166-1 alpha-2)', countryOf)
  .addOption(new Option('--format <format>').choices(['table', 'json', 'csv']).default('table'))
  .action((year: number | undefined, options: ReportOptions) => report(year, options));

program
  .command('projections')
  .description('show how far each read model is behind the event store')
  .option('--max-lag <seconds>', 'exit with status 1 when one is further behind', Number)
  .action(projections);

program.addCommand(auditCommand());
program.addCommand(eventStoreCommand());

function yearOf(text: string): number {
  if (!/^(19|20|21)\d\d$/.test(text)) throw new InvalidArgumentError('Give a year such as 2017.');
  return Number(text);
}

function timeOf(text: string): string {
  const { success, error } = asOfParameters.asOf.safeParse(text);
  if (!success) throw new InvalidArgumentError(error.issues.map(({ message }) => message).join('; '));
  if (Date.parse(text) > Date.now())
    throw new InvalidArgumentError('What will be known then is not known yet.');
  return text;
}

function countryOf(text: string): string {
  if (!country.safeParse(text).success) throw new InvalidArgumentError('Give an ISO 3166-1 code such as AZ.');
  return text;
}

program.parseAsync().catch((error: unknown) => {
  console.error(explain(error));
  process.exit(2);
});
