#!/usr/bin/env node
import { explain } from '#application';
import { program } from 'commander';
import { auditCommand } from './audit/audit-command.js';
import { demo } from './demo/demo.js';
import { eventStoreCommand } from './event-store/event-store-command.js';
import { importCommand } from './import/import-command.js';
import { projectionsCommand } from './projections/projections-command.js';
import { reportCommand } from './report/report-command.js';
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

program.addCommand(reportCommand());

program.addCommand(projectionsCommand());
program.addCommand(auditCommand());
program.addCommand(eventStoreCommand());

program.parseAsync().catch((error: unknown) => {
  console.error(explain(error));
  process.exit(2);
});
