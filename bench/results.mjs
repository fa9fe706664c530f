import console from 'node:console';
import Table from 'cli-table3';
import { medianOf } from './rounds.mjs';

/** Figures with their bars: told as they come, then as a table on the terminal and as a page. */
export class Results {
  rows = [];

  /** @param machine on which, and with what */
  constructor(machine) {
    this.machine = machine;
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

  markdown(load) {
    const line = (cells) => `| ${cells.join(' | ')} |`;
    return [
      '# Results',
      '',
      `Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}: ${this.machine} at the start, ${load} at the end.`,
      '',
      line(this.head),
      line(['---', '--:', '--:', '---', '---']),
      ...this.rows.map(line),
      '',
    ].join('\n');
  }
}
