import { stringify } from 'csv-stringify';
import { csvOptions } from '#http';
import { pipeline, Readable } from 'node:stream';
import type { Change } from '../queries/changes.js';
import type { HistoryEntry } from '../queries/read-history.js';

const columns = ['revision', 'position', 'recordedAt', 'actor', 'type', 'reason', 'field', 'from', 'to'];

/** Events as a table, written as it is read: a line for each field that changed, one with no field where none did. */
export function historyCsv(items: readonly HistoryEntry[]): Readable {
  const table = stringify({ ...csvOptions, header: true, columns });
  // An error ends the table, which whoever reads it hears of.
  pipeline(Readable.from(lines(items)), table, () => undefined);
  return table;
}

function* lines(items: readonly HistoryEntry[]): Generator<readonly unknown[]> {
  for (const { revision, position, recordedAt, actor, type, reason, changes } of items) {
    const event = [revision, position, recordedAt, actor.id, type, reason];
    const told: readonly Partial<Change>[] = changes.length > 0 ? changes : [{}];
    for (const { field, from, to } of told) yield [...event, field, from, to];
  }
}
