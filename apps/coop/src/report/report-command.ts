import { asOfParameters } from '#http';
import { bases } from '#reporting';
import { country } from '#shared-kernel';
import { Command, InvalidArgumentError, Option } from 'commander';
import { publishReport, type PublishOptions } from './publish-report.js';
import { report, type ReportOptions } from './report.js';

/** `coop report [YEAR]`, `coop report publish YEAR` and `coop report amend YEAR`. */
export function reportCommand(): Command {
  return new Command('report')
    .description("print the table of years, or one year's report; publish one")
    .argument('[year]', 'such as 2017', yearOf)
    .option('--as-of <time>', 'as it stood at a time, such as 2026-01-31T12:00:00Z', timeOf)
    .option('--country <code>', 'only where this country took part (ISO 3166-1 alpha-2)', countryOf)
    .option('--edition <n>', 'of one year: as it was published', editionOf)
    .addOption(
      new Option('--basis <basis>', 'of the table: published years as in their newest edition').choices(
        bases,
      ),
    )
    .addOption(new Option('--format <format>').choices(['table', 'json', 'csv']).default('table'))
    .action((year: number | undefined, options: ReportOptions) => report(year, options))
    .addCommand(
      publishing('publish')
        .description('publish the report of a year, as edition 1')
        .action((year: number, options: PublishOptions) => publishReport('publish', year, options)),
    )
    .addCommand(
      publishing('amend')
        .description('publish what is known now as a further edition')
        .requiredOption('--reason <text>', 'why')
        .action((year: number, options: PublishOptions) => publishReport('amend', year, options)),
    );
}

function publishing(name: string): Command {
  return new Command(name)
    .argument('<year>', 'such as 2017', yearOf)
    .option('--note <text>', 'what is to be said of the edition')
    .option('--actor <id>', 'who publishes', process.env.USER || 'operator');
}

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

function editionOf(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text))
    throw new InvalidArgumentError('Give the number of an edition, such as 1.');
  return Number(text);
}
