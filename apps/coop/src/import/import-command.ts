import { createReadStream, createWriteStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { ActivityPolicy } from '#activities';
import { CommandExecutor, EventStore, StoreUnavailable } from '#event-sourcing';
import {
  importRecords,
  InvalidProfile,
  loadProfile,
  UnknownProfile,
  UnreadableFile,
  type RowFinding,
} from '#importing';
import { Clock } from '#shared-kernel';
import { Command } from 'commander';
import { stringify } from 'csv-stringify';
import { withApplication } from '../stores/connect.js';
import { progressBar } from './progress-bar.js';
import { clipped, findingsTable, summaryTable } from './tables.js';

export interface ImportCommandOptions {
  readonly profile: string;
  readonly dryRun: boolean;
  readonly atomic: boolean;
  readonly errors?: string;
  readonly actor: string;
}

const SHOWN = 10;

/** `coop import FILE --profile NAME`: exit status 0 when every row went in, 1 when some were rejected, 2 when it could not run. */
export function importCommand(): Command {
  return new Command('import')
    .description('import a table of records, CSV of any size or an Excel workbook')
    .argument('<file>', 'CSV (UTF-8) or .xlsx')
    .requiredOption('--profile <name>', 'a profile of examples/profiles by its name, or the file of one')
    .option('--dry-run', 'check everything, write nothing', false)
    .option('--atomic', 'write nothing unless every row is good', false)
    .option('--errors <file>', 'write all faults and warnings to a CSV file')
    .option('--actor <id>', 'who imports', process.env.USER || 'operator')
    .action(async (file: string, options: ImportCommandOptions) => {
      try {
        process.exitCode = await importFile(file, options);
      } catch (error) {
        process.exitCode = error instanceof ImportStopped ? 130 : 2;
        console.error(explained(error));
      }
    });
}

async function importFile(file: string, options: ImportCommandOptions): Promise<0 | 1> {
  const profile = await loadProfile(options.profile);
  await access(file);
  const list = options.errors === undefined ? undefined : await findingsFile(options.errors);
  const errors: RowFinding[] = [];
  const bar = progressBar();
  const stopping = new AbortController();
  const stop = () => stopping.abort(new ImportStopped());
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    const summary = await withApplication(
      (application) =>
        importRecords(
          {
            eventStore: application.get(EventStore),
            executor: application.get(CommandExecutor),
            policy: application.get(ActivityPolicy),
            clock: application.get(Clock),
          },
          {
            file: createReadStream(file),
            format: /\.xlsx$/i.test(file) ? 'xlsx' : 'csv',
            profile,
            actor: { id: options.actor, roles: [] },
            dryRun: options.dryRun,
            atomic: options.atomic,
            signal: stopping.signal,
            onProgress: bar.update,
            onError: async (error) => {
              if (errors.length < SHOWN) errors.push(error);
              await list?.add('error', error);
            },
            onWarning: (warning) => list?.add('warning', warning),
          },
        ),
      { mayBegin: true },
    );
    bar.stop();
    console.log(summaryTable(summary));
    if (errors.length > 0) console.log(findingsTable(errors, summary.errorCount));
    if (summary.rejected > 0 && !summary.written && !summary.dryRun) {
      console.log('Nothing was written: with --atomic every row must be good.');
    }
    return summary.rejected === 0 ? 0 : 1;
  } finally {
    bar.stop();
    process.off('SIGINT', stop).off('SIGTERM', stop);
    await list?.close();
  }
}

/** All findings as CSV, with the columns of the API. */
async function findingsFile(path: string) {
  const columns = ['level', 'row', 'column', 'code', 'message', 'value'];
  // A cell that begins like a formula would be run by a spreadsheet.
  const csv = stringify({ header: true, columns, bom: true, escape_formulas: true });
  const output = csv.pipe(createWriteStream(path));
  const ended = finished(output);
  // Awaited in close; until then a failure must not count as unhandled.
  ended.catch(() => undefined);
  return {
    async add(level: 'error' | 'warning', finding: RowFinding): Promise<void> {
      if (!csv.write({ level, ...finding })) {
        await Promise.race([new Promise((resolve) => csv.once('drain', resolve)), ended]);
      }
    },
    async close(): Promise<void> {
      csv.end();
      await ended;
    },
  };
}

class ImportStopped extends Error {
  override name = 'ImportStopped';
  constructor() {
    super('Stopped. What was imported so far is kept; import the file again to go on.');
  }
}

/** What the operator can do something about, without a stack. */
function explained(error: unknown): unknown {
  if (error instanceof UnreadableFile)
    // Parts of it are quoted from the file.
    return `The file cannot be imported; nothing was written.\n${clipped(error.message, 2_000)}`;
  if (error instanceof StoreUnavailable) {
    return `${error.message}\nWhat was imported so far is kept; import the file again to go on.`;
  }
  const expected =
    error instanceof UnknownProfile ||
    error instanceof ImportStopped ||
    error instanceof InvalidProfile ||
    (error instanceof Error && ('syscall' in error || /^(InvalidConfig|DataFolderInUse)/.test(error.name)));
  return expected ? (error as Error).message : error;
}
