import { createHash } from 'node:crypto';
import type { Profile } from '../profile/profile.js';
import type { Row } from '../read/row.js';
import { cleaner } from '../values/clean.js';
import { compileField, substitute } from './field.js';
import { Findings } from './row-findings.js';

export interface TidyRow {
  readonly cells: ReadonlyMap<string, string>;
  /** Equal for lines that say the same, whatever their numbers. */
  readonly fingerprint: string;
  readonly findings: Findings;
}

/** Cells cleaned, put right and completed by the derived columns, as the profile says. */
export function rowTidier(profile: Profile, header: readonly string[]): (row: Row) => TidyRow {
  const clean = cleaner(profile);
  const repairs = profile.repairs.map((repair) => ({ ...repair, match: new RegExp(repair.match, 'iu') }));
  const derive = Object.entries(profile.derive).map(
    ([name, rule]) => [name, compileField(rule, profile)] as const,
  );
  const origins = new Map(derive.map(([name, field]) => [name, field.columns[0]]));

  return (row) => {
    const findings = new Findings(origins);
    const cells = new Map(header.map((name, index) => [name, clean(row.cells[index]!)]));
    for (const [column, cell] of cells) {
      if (!cell.includes('\ufffd')) continue;
      const message = 'holds a character that was lost before; kept as it is';
      findings.warn([{ column, code: 'UnreadableCharacter', message }]);
    }
    const said = [...cells].filter(([name]) => !profile.lineNumbers.includes(name));
    const fingerprint = createHash('sha256').update(JSON.stringify(said)).digest('base64');
    for (const { column, match, ifBlank, set, code, message } of repairs) {
      const found = match.exec(cells.get(column) ?? '');
      if (!found || ifBlank.some((name) => cells.get(name))) continue;
      for (const [name, text] of Object.entries(set)) cells.set(name, substitute(text, found));
      findings.warn([{ column, code, message }]);
    }
    for (const [name, field] of derive) cells.set(name, String(findings.take(field.evaluate(cells)) ?? ''));
    return { cells, fingerprint, findings };
  };
}
