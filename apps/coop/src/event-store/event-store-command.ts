import { Command } from 'commander';
import { copy, type CopyOptions } from './copy/copy.js';
import { CannotRun } from './cannot-run.js';
import { serve, type ServeOptions } from './serve.js';

/** `coop event-store` and `coop event-store copy`. Whatever cannot run ends with status 2. */
export function eventStoreCommand(): Command {
  const command = new Command('event-store')
    .description('serve just the event store of a data folder, on 127.0.0.1')
    .option('--data-dir <folder>', 'where it keeps its PostgreSQL (default: DATA_DIR, or .data)')
    .option('--port <number>', '0: any free one', '2113')
    .action(reported((options: ServeOptions) => serve(options)));
  command
    .command('copy')
    .description(
      'copy all events of one event store into another, empty one; run it again to go on after a break',
    )
    .requiredOption('--from <url>', 'connection string of the source')
    .requiredOption('--to <url>', 'connection string of the target')
    .addHelpText('after', '\nExit status: 0 copied and verified, 1 a difference was found, 2 could not run.')
    .action(reported(async (options: CopyOptions) => void (process.exitCode = await copy(options))));
  return command;
}

function reported<Options>(action: (options: Options) => Promise<void>) {
  return async (options: Options) => {
    try {
      await action(options);
    } catch (error) {
      if (!(error instanceof CannotRun)) throw error;
      console.error(error.message);
      process.exit(2);
    }
  };
}
