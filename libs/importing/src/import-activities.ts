import { randomUUID } from 'node:crypto';
import type { ActivityPolicy } from '#activities';
import { NO_REVISION, type CommandExecutor, type EventStore } from '#event-sourcing';
import type { Actor, Clock, RefusalError } from '#shared-kernel';
import { Findings } from './findings.js';
import { groupLines } from './group-lines.js';
import { forEachInFlight } from './in-flight.js';
import { assemble, identicalLines, type Assembled } from './map/assemble.js';
import type { SpooledLine } from './map/line.js';
import { rowMapper, type RowMapper } from './map/map-row.js';
import type { Profile } from './profile/profile.js';
import { readCsv } from './read/read-csv.js';
import { readHeader } from './read/header.js';
import { readXlsx } from './read/read-xlsx.js';
import type { Bytes } from './read/row.js';
import type { ImportSummary, RowFinding } from './report.js';
import { SortedSpool } from './sorted-spool.js';
import { activityCommands, rehearsedCommands, type TakeCommand } from './take/activity-commands.js';
import { takeActivity, type Context } from './take/take-activity.js';

/** What an import needs of the composition. */
export interface ImportStores {
  readonly eventStore: EventStore;
  readonly executor: CommandExecutor;
  readonly policy: ActivityPolicy;
  readonly clock: Clock;
}

export interface ImportProgress {
  readonly phase: 'reading' | 'checking' | 'writing';
  readonly rows: number;
  /** Of how many rows; not known while reading. */
  readonly of?: number;
}

export interface ImportOptions {
  readonly file: Bytes;
  readonly format: 'csv' | 'xlsx';
  readonly profile: Profile;
  readonly actor: Actor;
  readonly dryRun?: boolean;
  /** All rows or none. */
  readonly atomic?: boolean;
  /** Breaks off between two activities; what was written stays, and importing again goes on from there. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ImportProgress) => void;
  /** Called at the end, for every fault and warning, by row. */
  readonly onError?: (error: RowFinding) => void | Promise<void>;
  readonly onWarning?: (warning: RowFinding) => void | Promise<void>;
}

const IN_FLIGHT = 64;
/** Lines of one activity that are held in memory together. */
const MOST_LINES = 2_000;

/**
 * Brings the activities of a file in. Its rows are read and checked first, all of them; their lines, sorted on disk so that
 * those of one activity meet, are then taken as commands. A dry run does everything but the appends. Broken off at any point
 * and begun again, it ends as if it had not been.
 * @throws UnreadableFile when the file as a whole is not as it must be: nothing is written then
 */
export async function importActivities(stores: ImportStores, options: ImportOptions): Promise<ImportSummary> {
  const { dryRun = false, atomic = false, profile } = options;
  const lines = new SortedSpool<SpooledLine>();
  const findings = new Findings();
  try {
    const { mapper, counts } = await readLines(options, lines, findings);
    const head = (await stores.eventStore.head(['']))?.position ?? NO_REVISION;
    const context: Omit<Context, 'take'> = {
      profile: profile.name,
      actor: options.actor,
      // Each command is of its own moment: an import may take longer than a report waits for what is on its way.
      now: () => stores.clock.now().toISOString(),
      correlationId: randomUUID(),
      head,
    };
    const rehearse = () => rehearsedCommands(stores.eventStore, stores.policy);
    const write = activityCommands(stores.executor, stores.policy);
    const pass = (phase: 'checking' | 'writing', commands: () => TakeCommand) =>
      takeLines({
        lines,
        rows: counts.rows - counts.leftOut,
        mapper,
        phase,
        commands,
        context,
        findings,
        options,
      });

    let taken = dryRun || atomic ? await pass('checking', rehearse) : await pass('writing', () => write);
    const written = !dryRun && (!atomic || taken.rejected === 0);
    if (atomic && !dryRun) {
      taken = written ? await pass('writing', () => write) : { ...taken, created: 0, unchanged: 0 };
    }
    await findings.report(options);
    return { profile: profile.name, dryRun, written, ...counts, ...taken, ...findings.counts() };
  } finally {
    await lines.close();
    await findings.close();
  }
}

async function readLines(
  { file, format, profile, onProgress, signal }: ImportOptions,
  lines: SortedSpool<SpooledLine>,
  findings: Findings,
) {
  const records = format === 'xlsx' ? readXlsx(file) : readCsv(file, profile.delimiter);
  const header = await records.next();
  const columns = readHeader(header.done ? undefined : header.value, profile);
  const mapper = rowMapper(profile, columns);
  const leftOutBy: Record<string, number> = {};
  let rows = 0;
  let leftOut = 0;
  for await (const row of records) {
    signal?.throwIfAborted();
    rows++;
    if (rows % 1000 === 0) onProgress?.({ phase: 'reading', rows });
    const mapped = mapper.map(row);
    if ('leftOut' in mapped) {
      leftOut++;
      leftOutBy[mapped.leftOut] = (leftOutBy[mapped.leftOut] ?? 0) + 1;
      continue;
    }
    const { key, line, faults, warnings } = mapped;
    const told = (finding: { column?: string }): RowFinding => {
      const value = finding.column === undefined ? undefined : row.cells[columns.indexOf(finding.column)];
      return {
        row: row.line,
        ...(finding as Omit<RowFinding, 'row'>),
        ...(value === undefined ? {} : { value }),
      };
    };
    for (const fault of faults) await findings.error(told(fault));
    for (const warning of warnings) await findings.warning(told(warning));
    await lines.add(`${key}\t${String(row.line).padStart(12, '0')}`, line ?? { row: row.line, faulty: true });
  }
  return { mapper, counts: { rows, leftOut, leftOutBy } };
}

interface Pass {
  readonly lines: SortedSpool<SpooledLine>;
  readonly rows: number;
  readonly mapper: RowMapper;
  readonly phase: 'checking' | 'writing';
  readonly commands: () => TakeCommand;
  readonly context: Omit<Context, 'take'>;
  readonly findings: Findings;
  readonly options: ImportOptions;
}

async function takeLines({ lines, rows, mapper, phase, commands, context, findings, options }: Pass) {
  const counts = { accepted: 0, rejected: 0, created: 0, unchanged: 0 };
  let done = 0;
  await forEachInFlight(groupLines(lines.sorted(), MOST_LINES), IN_FLIGHT, async (group) => {
    options.signal?.throwIfAborted();
    const { key, lines, faulty, tooMany } = group;
    const reject = async (faults: readonly RowFinding[]): Promise<void> => {
      counts.rejected += lines.length + faulty.length;
      for (const fault of faults) await findings.error(fault);
    };
    const assembled = faulty.length > 0 ? undefined : assemble(lines, options.profile.addUp);
    if (tooMany) {
      const message = `more than ${MOST_LINES} lines of one activity`;
      await reject(faulty.map((row) => ({ row, code: 'TooManyLines', message })));
    } else if (!assembled) {
      await reject(
        lines.map(({ row }) => ({
          row,
          code: 'OtherLineFaulty',
          message: `belongs to one activity with line ${faulty[0]}, which cannot be taken`,
        })),
      );
    } else if ('faults' in assembled) {
      // The lines that agree go out with those that do not: which of them is right is not for us to say.
      const named = new Set(assembled.faults.map(({ row }) => row));
      const message = `other lines of this activity, such as ${assembled.faults[0]!.row}, contradict it`;
      const others = lines.filter(({ row }) => !named.has(row));
      await reject([
        ...assembled.faults,
        ...others.map(({ row }) => ({ row, code: 'OtherLineFaulty', message })),
      ]);
    } else {
      const taken = await takeActivity({ key, ...assembled }, { ...context, take: commands() });
      if ('refused' in taken) {
        await reject(
          lines.flatMap(({ row }) => taken.refused.map((fault) => refused(row, fault, assembled, mapper))),
        );
      } else {
        counts.accepted += lines.length;
        counts[taken.created ? 'created' : 'unchanged']++;
        for (const warning of identicalLines(lines)) await findings.warning(warning);
      }
    }
    done += lines.length + faulty.length;
    options.onProgress?.({ phase, rows: done, of: rows });
  });
  return counts;
}

/** A rule that the activity breaks is a fault of each of its lines. */
function refused(
  row: number,
  { code, message, pointer = '' }: RefusalError,
  { activity }: Assembled,
  mapper: RowMapper,
): RowFinding {
  const path = pointer.split('/').slice(1);
  const column = pointer === '' ? undefined : mapper.columnAt(path);
  // What was held on no dates of its own was held on those of the activity.
  const value = (activity as Readonly<Record<string, unknown>>)[path.at(-1) ?? ''];
  return { row, column, code, message, value: typeof value === 'string' ? value : undefined };
}
