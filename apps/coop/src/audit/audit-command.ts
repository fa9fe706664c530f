import { eventFilters } from '#auditing';
import { Command, InvalidArgumentError, Option } from 'commander';
import { verifyRecord } from './verify.js';
import { exportEvents, type ExportOptions } from './export.js';

/** `coop audit …` */
export function auditCommand(): Command {
  const command = new Command('audit').description('what auditors need of the record');
  command
    .command('export')
    .description('write every event, or those asked for, as lines of JSON; the last line is their count')
    .option('--stream <name>', 'only of this stream', checked('stream'))
    .option('--type <type>', 'only of this type, such as ActivityPlanned', checked('type'))
    .option('--actor-filter <id>', 'only by this actor', checked('actor'))
    .option('--from <time>', 'recorded at this time or later, such as 2026-01-31T12:00:00Z', checked('from'))
    .option('--to <time>', 'recorded before this time', checked('to'))
    .addOption(new Option('--format <format>').choices(['ndjson', 'cloudevents']).default('ndjson'))
    .option('--output <file>', 'in place of standard output; it is there only once it is complete')
    .option('--by <id>', 'who exports; it is logged', process.env.USER || 'operator')
    .action((options: ExportOptions) => exportEvents(options));
  command
    .command('verify')
    .description('check that every event, published edition and row is what was recorded')
    .option('--json', 'the whole result as JSON', false)
    .action((options: { json: boolean }) => verifyRecord(options));
  return command;
}

function checked(name: keyof typeof eventFilters): (text: string) => string {
  return (text) => {
    const { success, error } = eventFilters[name].safeParse(text);
    if (!success) throw new InvalidArgumentError(error.issues.map(({ message }) => message).join('; '));
    return text;
  };
}
