#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { program, type Command } from 'commander';

/** Each is loaded only when it is asked for, or all of them to be shown: most of what some need others never do. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  start: async () => (await import('./start/start.js')).startCommand(),
  demo: async () => (await import('./demo/demo.js')).demoCommand(),
  import: async () => {
    // Most of what V8 holds here is not collected yet: it collects when half as much again is held. Told before much is loaded.
    setFlagsFromString('--heap-growing-percent=50');
    return (await import('./import/import-command.js')).importCommand();
  },
  report: async () => (await import('./report/report-command.js')).reportCommand(),
  projections: async () => (await import('./projections/projections-command.js')).projectionsCommand(),
  audit: async () => (await import('./audit/audit-command.js')).auditCommand(),
  'event-store': async () => (await import('./event-store/event-store-command.js')).eventStoreCommand(),
};

async function main(): Promise<void> {
  program
    .name('coop')
    .description('Record, import and report cooperation activities. Configuration: see README.md.')
    .showHelpAfterError();
  const asked = commands[process.argv[2] ?? ''];
  for (const load of asked ? [asked] : Object.values(commands)) program.addCommand(await load());
  // 1 is what some say of what they found.
  for (const command of withAll(program)) command.exitOverride(({ exitCode }) => process.exit(exitCode && 2));
  await program.parseAsync();
}

function withAll(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withAll)];
}

main().catch(async (error: unknown) => {
  const { explain } = await import('#application');
  console.error(await explain(error));
  process.exit(2);
});
