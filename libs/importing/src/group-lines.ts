import type { Line, SpooledLine } from './map/line.js';
import type { Spooled } from './sorted-spool.js';

/** Lines of one record; `faulty` are the rows of it that cannot be taken. */
export interface LineGroup {
  readonly key: string;
  readonly lines: readonly Line[];
  readonly faulty: readonly number[];
  /** There are more lines than one record may have: all of them are in `faulty`. */
  readonly tooMany: boolean;
}

/**
 * Neighbours of one key put together. One of more than `most` lines comes in pieces, since only so many are held in memory.
 */
export async function* groupLines(
  sorted: AsyncIterable<Spooled<SpooledLine>>,
  most: number,
): AsyncGenerator<LineGroup> {
  let current: string | undefined;
  let lines: Line[] = [];
  let faulty: number[] = [];
  let tooMany = false;
  for await (const { key: keyAndRow, item } of sorted) {
    const key = keyAndRow.slice(0, keyAndRow.lastIndexOf('\t'));
    if (current !== undefined && current !== key) {
      yield { key: current, lines, faulty, tooMany };
      [lines, faulty, tooMany] = [[], [], false];
    }
    current = key;
    if (lines.length + faulty.length === most) {
      yield { key, lines: [], faulty: [...lines.map(({ row }) => row), ...faulty], tooMany: true };
      [lines, faulty, tooMany] = [[], [], true];
    }
    if (tooMany || 'faulty' in item) faulty.push(item.row);
    else lines.push(item);
  }
  if (current !== undefined) yield { key: current, lines, faulty, tooMany };
}
