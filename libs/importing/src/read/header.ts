import type { Profile } from '../profile/profile.js';
import { UnreadableFile, type RowFinding } from '../report.js';
import type { Row } from './row.js';

/**
 * Names of the file's columns, in its order.
 * @throws UnreadableFile naming every column that is missing, unknown or there twice
 */
export function readHeader(header: Row | undefined, { columns }: Pick<Profile, 'columns'>): string[] {
  if (!header) throw new UnreadableFile([{ row: 1, code: 'EmptyFile', message: 'the file is empty' }]);
  const names = header.cells.map((cell) => cell.trim());
  const known = new Set([...columns.required, ...columns.optional]);
  const faults: RowFinding[] = [];
  const fault = (column: string, code: string, message: string) =>
    faults.push({ row: header.line, column, code, message, value: column });
  names.forEach((name, index) => {
    if (names.indexOf(name) !== index) fault(name, 'DuplicateColumn', `the column "${name}" is there twice`);
    else if (!known.has(name) && columns.others === 'refuse') {
      fault(name, 'UnknownColumn', `the profile knows no column "${name}"`);
    }
  });
  for (const name of columns.required) {
    if (!names.includes(name)) fault(name, 'MissingColumn', `the column "${name}" is missing`);
  }
  if (faults.length > 0) throw new UnreadableFile(faults);
  return names;
}
