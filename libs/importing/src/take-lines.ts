import type { RefusalError } from '#shared-kernel';
import { assemble, identicalLines, type Assembled } from './assemble.js';
import type { Findings } from './findings.js';
import { groupLines } from './group-lines.js';
import type { ImportOptions } from './import-records.js';
import { forEachInFlight } from './in-flight.js';
import type { SpooledLine } from './map/line.js';
import type { RowMapper } from './map/map-row.js';
import type { RowFinding } from './report.js';
import type { SortedSpool } from './sorted-spool.js';
import type { TakeCommand } from './take/carry-out.js';
import { takeRecord, type Context } from './take/take-record.js';

const IN_FLIGHT = 64;
/** Lines of one record that are held in memory together. */
const MOST_LINES = 2_000;

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

/** Groups the lines, and assembles and takes each group as the one record it is; answers what became of rows and records. */
export async function takeLines({ lines, rows, mapper, phase, commands, context, findings, options }: Pass) {
  const { profile } = context;
  const { noun } = profile.kind;
  const counts = { accepted: 0, rejected: 0, created: 0, unchanged: 0 };
  let done = 0;
  await forEachInFlight(groupLines(lines.sorted(), MOST_LINES), IN_FLIGHT, async (group) => {
    options.signal?.throwIfAborted();
    const { key, lines, faulty, tooMany } = group;
    const reject = async (faults: readonly RowFinding[]): Promise<void> => {
      counts.rejected += lines.length + faulty.length;
      for (const fault of faults) await findings.error(fault);
    };
    const assembled = faulty.length > 0 ? undefined : assemble(lines, profile);
    if (tooMany) {
      const message = `more than ${MOST_LINES} lines of one ${noun}`;
      await reject(faulty.map((row) => ({ row, code: 'TooManyLines', message })));
    } else if (!assembled) {
      await reject(
        lines.map(({ row }) => ({
          row,
          code: 'OtherLineFaulty',
          message: `belongs to one ${noun} with line ${faulty[0]}, which cannot be taken`,
        })),
      );
    } else if ('faults' in assembled) {
      // The lines that agree go out with those that do not: which of them is right is not for us to say.
      const named = new Set(assembled.faults.map(({ row }) => row));
      const message = `other lines of this ${noun}, such as ${assembled.faults[0]!.row}, contradict it`;
      const others = lines.filter(({ row }) => !named.has(row));
      await reject([
        ...assembled.faults,
        ...others.map(({ row }) => ({ row, code: 'OtherLineFaulty', message })),
      ]);
    } else {
      const taken = await takeRecord({ key, ...assembled }, { ...context, take: commands() });
      if ('refused' in taken) {
        await reject(
          lines.flatMap(({ row }) => taken.refused.map((fault) => refused(row, fault, assembled, mapper))),
        );
      } else {
        counts.accepted += lines.length;
        counts[taken.created ? 'created' : 'unchanged']++;
        for (const warning of identicalLines(lines)) await findings.warning(warning);
        if (taken.withdrawn) {
          const message = `this ${noun} is recorded already, but withdrawn; reinstate it there if it should count`;
          for (const { row } of lines) await findings.warning({ row, code: 'Withdrawn', message });
        }
      }
    }
    done += lines.length + faulty.length;
    options.onProgress?.({ phase, rows: done, of: rows });
  });
  return counts;
}

/** A rule that the record breaks is a fault of each of its lines. */
function refused(
  row: number,
  { code, message, pointer = '' }: RefusalError,
  { data }: Assembled,
  mapper: RowMapper,
): RowFinding {
  const path = pointer.split('/').slice(1);
  const column = pointer === '' ? undefined : mapper.columnAt(path);
  // What was held on no dates of its own was held on those of the record.
  const value = data[path.at(-1) ?? ''];
  return { row, column, code, message, value: typeof value === 'string' ? value : undefined };
}
