import { stringify } from 'csv-stringify/sync';
import { csvOptions } from '#http';
import type { ContributionRow } from './contributions/list-contributions.js';
import type { DocumentRow } from './documents/list-documents.js';
import type { AnnualTotals, CostRow, Report } from './report.js';

export type Scalar = string | number | boolean | null;
export type Line = readonly [section: string, key: string, measure: string, value: Scalar];

/** What a report says beside what it is of. */
type Counted = Omit<Report, 'asOf' | 'period' | 'rule'>;

/** A report as tidy rows (RFC 4180, UTF-8): section, key, measure, value. One figure a line, none twice. */
export function reportCsv(report: Report): string {
  return csv(reportLines(report));
}

/** The same, after what is said of the report: an object whose values become lines of the section. */
export function headedReportCsv(section: string, heading: object, report: Report): string {
  return csv([...lines(section, heading), ...reportLines(report)]);
}

/** The figures of a report, one a line, none twice. */
export function reportLines({ costs, contributions, documents, ...report }: Counted): Line[] {
  return [
    ...lines('', report),
    ...costs.flatMap(costLines),
    ...contributions.flatMap(contributionLines),
    ...documents.flatMap(documentLines),
  ];
}

/** The table of years in the same form; the key is the year. */
export function annualTotalsCsv(totals: AnnualTotals): string {
  return csv([...lines('', totals)]);
}

function* lines(section: string, object: object, key = ''): Generator<Line> {
  for (const [name, value] of Object.entries(object) as [string, unknown][]) {
    const below = section ? `${section}.${name}` : name;
    if (Array.isArray(value)) {
      for (const row of value as { key?: string; year?: number }[]) {
        const { key: rowKey, year, ...measures } = row;
        yield* lines(below, measures, String(rowKey ?? year ?? ''));
      }
    } else if (typeof value === 'object' && value !== null) yield* lines(below, value);
    else yield [section || 'report', key, name, value as Scalar];
  }
}

function costLines({ payer, currency, amountMinor, toBeDetermined }: CostRow): Line[] {
  return [
    ['costs', payer, `amountMinor.${currency}`, amountMinor],
    ['costs', payer, `toBeDetermined.${currency}`, toBeDetermined],
  ];
}

function contributionLines({
  id: _,
  operation,
  kind,
  unit,
  basis,
  segments,
  ...figures
}: ContributionRow): Line[] {
  const key = [operation, kind, basis, unit].filter((part) => part !== undefined).join(', ');
  return [
    ...lines('contributions', figures, key),
    ...segments.map(({ from, to = '', value = null }): Line => [
      'contributions.segments',
      key,
      `${from}/${to}`,
      value,
    ]),
  ];
}

/** By id: two documents may have one title. */
function documentLines({ id, milestones, cycles, ...figures }: DocumentRow): Line[] {
  return [
    ...lines('documents', figures, id),
    ...milestones.map(({ milestone, on }): Line => ['documents.milestones', id, milestone, on]),
    ...cycles.map(({ from, to, status }): Line => ['documents.cycles', id, `${from}/${to}`, status]),
  ];
}

function csv(rows: readonly Line[]): string {
  return stringify([['section', 'key', 'measure', 'value'], ...rows], csvOptions);
}
