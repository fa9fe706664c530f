import type { Profile } from '../profile/profile.js';
import type { Row } from '../read/row.js';
import type { Cells, Finding } from './field.js';
import { compileProfile, fieldAt } from './fields.js';
import { lineOf } from './line-of.js';
import type { Line } from './line.js';
import { rowTidier } from './tidy-row.js';

export type MappedRow =
  | { readonly leftOut: string }
  | {
      /** Lines of one key are one record. */
      readonly key: string;
      /** Absent when the row has faults. */
      readonly line?: Line;
      readonly faults: readonly Finding[];
      readonly warnings: readonly Finding[];
    };

/** How rows of a file with certain columns become lines, and which column a value of a record comes from. */
export interface RowMapper {
  map(row: Row): MappedRow;
  /** @param path of a value in the record's data, such as ['participations', 0, 'total'] */
  columnAt(path: readonly PropertyKey[]): string | undefined;
}

export function rowMapper(profile: Profile, header: readonly string[]): RowMapper {
  const tidy = rowTidier(profile, header);
  const fields = compileProfile(profile);
  const leaveOut = profile.leaveOut.map(({ reason, where }) => ({ reason, where: conditions(where) }));
  const groups = profile.group ?? [header.filter((name) => !profile.lineNumbers.includes(name))];

  return {
    columnAt: (path) => fieldAt(fields, path)?.columns[0],
    map(row) {
      if (row.cells.length !== header.length) {
        const message = `the line has ${row.cells.length} cells, the header ${header.length}`;
        const key = keyOf([String(row.line)]);
        return { key, faults: [{ code: 'WrongNumberOfCells', message }], warnings: [] };
      }
      const { cells, fingerprint, findings } = tidy(row);
      const left = leaveOut.find(({ where }) => where.every((holds) => holds(cells)));
      if (left) return { leftOut: left.reason };
      const line = lineOf(fields, profile, cells, findings);
      // Where there are several ways to group, a value of one is not the same value of another.
      const group = groups.find((columns) => columns.some((name) => cells.get(name))) ?? groups[0]!;
      const key = keyOf([String(groups.indexOf(group)), ...group.map((name) => cells.get(name) ?? '')]);
      if (findings.faults.length > 0) return { key, ...findings };
      return { key, line: { row: row.line, fingerprint, ...line }, ...findings };
    },
  };
}

const keyOf = (values: readonly string[]): string => JSON.stringify(values);

function conditions(where: Profile['leaveOut'][number]['where']): ((cells: Cells) => boolean)[] {
  return Object.entries(where).map(([column, condition]) => {
    if ('blank' in condition) return (cells) => (cells.get(column) ? !condition.blank : condition.blank);
    const match = new RegExp(condition.match, 'iu');
    return (cells) => match.test(cells.get(column) ?? '');
  });
}
