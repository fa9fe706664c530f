import { randomUUID } from 'node:crypto';
import type { ActivityPolicy } from '#activities';
import { NO_REVISION, type CommandExecutor, type EventStore } from '#event-sourcing';
import type { Actor, Clock } from '#shared-kernel';
import { Findings } from './findings.js';
import type { SpooledLine } from './map/line.js';
import type { Profile } from './profile/profile.js';
import type { Bytes } from './read/row.js';
import { readLines } from './read-lines.js';
import type { ImportSummary, RowFinding } from './report.js';
import { SortedSpool } from './sorted-spool.js';
import { takeLines } from './take-lines.js';
import { carriedOut, rehearsed, type TakeCommand } from './take/carry-out.js';

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
  /** Breaks off between two records; what was written stays, and importing again goes on from there. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ImportProgress) => void;
  /** Called at the end, for every fault and warning, by row. */
  readonly onError?: (error: RowFinding) => void | Promise<void>;
  readonly onWarning?: (warning: RowFinding) => void | Promise<void>;
}

/**
 * Brings the records of a file in. Its rows are read and checked first, all of them; their lines, sorted on disk so that
 * those of one record meet, are then taken as commands. A dry run does everything but the appends. Broken off at any point
 * and begun again, it ends as if it had not been.
 * @throws UnreadableFile when the file as a whole is not as it must be: nothing is written then
 */
export async function importRecords(stores: ImportStores, options: ImportOptions): Promise<ImportSummary> {
  const { dryRun = false, atomic = false, profile } = options;
  const lines = new SortedSpool<SpooledLine>();
  const findings = new Findings();
  try {
    const { mapper, counts } = await readLines(options, lines, findings);
    const head = (await stores.eventStore.head(['']))?.position ?? NO_REVISION;
    const aggregate = profile.kind.aggregate(stores.policy);
    const context = {
      profile,
      aggregate,
      actor: options.actor,
      // Each command is of its own moment: an import may take longer than a report waits for what is on its way.
      now: () => stores.clock.now().toISOString(),
      correlationId: randomUUID(),
      head,
      async stateOf(id: string) {
        const { decider, name } = aggregate;
        const events = await stores.eventStore.readStream(`${name}-${id}`);
        return events.reduce((state, event) => decider.evolve(state, event), decider.initialState);
      },
    };
    const rehearse = () => rehearsed(stores.eventStore, aggregate);
    const write = carriedOut(stores.executor, aggregate);
    const rows = counts.rows - counts.leftOut;
    const pass = (phase: 'checking' | 'writing', commands: () => TakeCommand) =>
      takeLines({ lines, rows, mapper, phase, commands, context, findings, options });

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
