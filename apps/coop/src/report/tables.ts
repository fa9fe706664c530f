import {
  NOT_RECORDED,
  type AnnualTotals,
  type CostRow,
  type Report,
  type TableName,
  type TableRow,
} from '#reporting';
import Table from 'cli-table3';

const number = new Intl.NumberFormat('en');
const TITLES: Readonly<Record<TableName, string>> = {
  byKind: 'By kind',
  byMonth: 'By month',
  byOrganiser: 'By organiser',
  byProgramme: 'By programme',
  byArea: 'By area',
  byRole: 'By role',
  byVenueCountry: 'By venue country',
  byCountry: 'By participating country',
  byInstitution: 'By institution',
};

/** The table of years as text for a terminal. */
export function annualTotalsTable({ years }: AnnualTotals): string {
  const table = newTable(
    'year',
    'total',
    'planned',
    'held',
    'cancelled',
    'postponed',
    'not attended',
    'unresolved',
    'attendances',
    'person-days',
  );
  for (const year of years) {
    table.push([
      String(year.year),
      ...[
        year.total,
        year.planned,
        year.held,
        year.cancelled,
        year.postponed,
        year.notAttended,
        year.unresolved,
        year.attendances,
        year.personDays,
      ].map((figure) => number.format(figure)),
    ]);
  }
  return table.toString();
}

/** A report as text for a terminal: its figures, then each table that has rows. */
export function reportTables(report: Report): string {
  const { activities, participation, target, change, previous } = report;
  const parts = [
    `Report ${report.period.label} (${report.period.from} to ${report.period.to}), as of ${report.asOf.time}, position ${report.asOf.position}`,
    figures(
      [
        ['Activities that count', activities.total, change.activities.total],
        ['  planned', activities.planned, change.activities.planned],
        ['  held', activities.held, change.activities.held],
        ['  cancelled', activities.cancelled, change.activities.cancelled],
        ['  postponed', activities.postponed, change.activities.postponed],
        ['  not attended', activities.notAttended, change.activities.notAttended],
        ['Unresolved (over, but still planned)', activities.unresolved, change.activities.unresolved],
        [
          'Held, participation not recorded',
          participation.heldNotRecorded,
          change.participation.heldNotRecorded,
        ],
        ['Attendances (sums, not persons)', participation.attendances, change.participation.attendances],
        ['Person-days (full dates only)', participation.personDays, change.participation.personDays],
        ['Countries taking part', participation.countries, change.participation.countries],
        ['Institutions taking part', participation.institutions, change.participation.institutions],
      ],
      previous.label,
    ),
    ...(target
      ? [`Target: ${target.held} of ${target.target} held, ${target.met ? 'met' : 'not met'}.`]
      : []),
    ...(Object.keys(TITLES) as TableName[])
      .filter((name) => report[name].length > 0)
      .map((name) => `${TITLES[name]}\n${countTable(report[name])}`),
    ...(report.costs.length > 0 ? [`Costs\n${costTable(report.costs)}`] : []),
    `How it counts: ${report.rule}`,
  ];
  return parts.join('\n\n');
}

function figures(rows: [string, number, number][], before: string): string {
  const table = newTable('', 'figure', `change to ${before}`);
  for (const [label, figure, change] of rows) {
    table.push([
      label,
      number.format(figure),
      change === 0 ? '·' : `${change > 0 ? '+' : ''}${number.format(change)}`,
    ]);
  }
  return table.toString();
}

function countTable(rows: readonly TableRow[]): string {
  const table = newTable('', 'planned', 'held', 'cancelled', 'attendances');
  for (const { key, planned, held, cancelled, attendances } of rows) {
    table.push([key, ...[planned, held, cancelled, attendances].map((figure) => number.format(figure))]);
  }
  return table.toString();
}

function costTable(rows: readonly CostRow[]): string {
  const table = newTable('payer', 'currency', 'amount', 'to be determined');
  for (const { payer, currency, amountMinor, toBeDetermined } of rows) {
    table.push([payer, currency, money(amountMinor, currency), number.format(toBeDetermined)]);
  }
  return table.toString();
}

/** Minor units as the currency is written: 1234 EUR → 12.34. */
function money(minor: number, currency: string): string {
  if (currency === NOT_RECORDED) return '';
  const style = new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'code' });
  const digits = style.resolvedOptions().maximumFractionDigits ?? 2;
  return new Intl.NumberFormat('en', { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(
    minor / 10 ** digits,
  );
}

/** First column to the left, figures to the right. */
function newTable(...head: string[]): Table.Table {
  return new Table({
    head,
    colAligns: head.map((_, column) => (column === 0 ? 'left' : 'right')),
    style: { head: [], border: [], compact: true },
  });
}
