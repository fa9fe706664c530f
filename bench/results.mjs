import console from 'node:console';
import { writeFileSync } from 'node:fs';
import Table from 'cli-table3';
import { load } from './processes.mjs';
import { medianOf } from './rounds.mjs';

/** Figures with their bars: told and written as they come, so that a run that is broken off keeps what it has; then as a table. */
export class Results {
  rows = [];

  /** @param machine on which, and with what; `path`: of the page */
  constructor(machine, path) {
    this.machine = machine;
    this.path = path;
  }

  /** `measured`: one of each round. The median must be at least `least`, at most `most`, if these are given. */
  add(what, measured, { least, most, digits = 0 } = {}) {
    const format = (value) =>
      value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
    const median = medianOf(measured);
    const held = median >= (least ?? -Infinity) && median <= (most ?? Infinity);
    const bar = least === undefined ? (most === undefined ? '' : `at most ${most}`) : `at least ${least}`;
    const spread =
      measured.length > 1 ? `${format(Math.min(...measured))}-${format(Math.max(...measured))}` : '';
    const verdict = bar && (held ? 'held' : 'MISSED');
    this.rows.push([what, format(median), spread, bar, verdict]);
    console.log(`${what}: ${format(median)} ${spread && `(${spread}) `}${bar && `${bar}: ${verdict}`}`);
    writeFileSync(this.path, this.markdown());
  }

  get head() {
    return ['', 'median', 'min-max', 'bar', ''];
  }

  text() {
    const table = new Table({
      head: this.head,
      colAligns: ['left', 'right', 'right'],
      style: { head: [], border: [] },
    });
    table.push(...this.rows);
    return table.toString();
  }

  markdown() {
    const line = (cells) => `| ${cells.join(' | ')} |`;
    return [
      '# Results',
      '',
      `Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}: ${this.machine} at the start, ${load()} at the end.`,
      '',
      line(this.head),
      line(['---', '--:', '--:', '---', '---']),
      ...this.rows.map(line),
      '',
    ].join('\n');
  }
}
