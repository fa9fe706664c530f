import {
  NOT_RECORDED,
  type AnnualTotals,
  type ContributionRow,
  type CostRow,
  type DocumentRow,
  type GoalCounts,
  type PublishedReport,
  type Report,
  type SessionRow,
  type TableName,
  type TableRow,
  type YearTotals,
} from '#reporting';
import Table from 'cli-table3';
import { clipped } from '../import/tables.js';

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
    'published',
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
      publishedIn(year),
    ]);
  }
  return table.toString();
}

/** In which edition, whether the figures are that edition's, and whether others are known now. */
function publishedIn({ edition, basis, publishedDiffers }: YearTotals): string {
  if (edition === null) return '';
  const shown = basis === 'as-published' ? `as in edition ${edition}` : `edition ${edition}`;
  return publishedDiffers ? `${shown}, since changed` : shown;
}

/** An edition as text for a terminal. */
export function editionTables({
  report,
  edition,
  publishedAt,
  publishedBy,
  ...rest
}: PublishedReport): string {
  const { note, reason, sha256, seal } = rest;
  const heading = [
    `Edition ${edition}, published ${publishedAt} by ${publishedBy}`,
    ...(reason === undefined ? [] : [`Reason: ${reason}`]),
    ...(note === undefined ? [] : [`Note: ${note}`]),
    `SHA-256 ${sha256}`,
    `Sealed over ${number.format(seal.streams)} streams: ${seal.root}`,
  ];
  return `${heading.join('\n')}\n\n${reportTables(report)}`;
}

/** A report as text for a terminal: its figures, then each table that has rows. */
export function reportTables(report: Report): string {
  const { activities, participation, target, change, previous } = report;
  const less = (of: (counts: NonNullable<typeof change>) => number) => change && of(change);
  const parts = [
    `Report ${report.period.label} (${report.period.from} to ${report.period.to}), as of ${report.asOf.time}, position ${report.asOf.position}`,
    figures(
      [
        ['Activities that count', activities.total, less((to) => to.activities.total)],
        ['  planned', activities.planned, less((to) => to.activities.planned)],
        ['  held', activities.held, less((to) => to.activities.held)],
        ['  cancelled', activities.cancelled, less((to) => to.activities.cancelled)],
        ['  postponed', activities.postponed, less((to) => to.activities.postponed)],
        ['  not attended', activities.notAttended, less((to) => to.activities.notAttended)],
        [
          'Unresolved (over, but still planned)',
          activities.unresolved,
          less((to) => to.activities.unresolved),
        ],
        [
          'Held, participation not recorded',
          participation.heldNotRecorded,
          less((to) => to.participation.heldNotRecorded),
        ],
        [
          'Attendances (sums, not persons)',
          participation.attendances,
          less((to) => to.participation.attendances),
        ],
        [
          'Person-days (full dates only)',
          participation.personDays,
          less((to) => to.participation.personDays),
        ],
        ['Countries taking part', participation.countries, less((to) => to.participation.countries)],
        ['Institutions taking part', participation.institutions, less((to) => to.participation.institutions)],
      ],
      previous?.basis === 'as-published' ? `${previous.label}, edition ${previous.edition}` : previous?.label,
    ),
    ...(target
      ? [`Target: ${target.held} of ${target.target} held, ${target.met ? 'met' : 'not met'}.`]
      : []),
    ...(Object.keys(TITLES) as TableName[])
      .filter((name) => report[name].length > 0)
      .map((name) => `${TITLES[name]}\n${countTable(report[name])}`),
    ...otherParts(report),
    ...(report.costs.length > 0 ? [`Costs\n${costTable(report.costs)}`] : []),
    `How it counts: ${report.rule}`,
  ];
  return parts.join('\n\n');
}

/** Dialogue, goals, contributions and documents, as far as there are any. */
function otherParts({ dialogue, goals, contributions, documents }: Report): string[] {
  const { sessions, planned, cancelled, followUps } = dialogue;
  return [
    ...(sessions + planned + cancelled > 0
      ? [
          `Political dialogue: ${sessions} sessions held, ${planned} planned, ${cancelled} cancelled; follow-ups: ` +
            `${followUps.agreed} agreed, ${followUps.completed} completed, ${followUps.open} open, ${followUps.overdue} overdue.`,
          ...(['byFormat', 'byLevel', 'byTopic'] as const).map(
            (name) => `${DIALOGUE_TITLES[name]}\n${sessionTable(dialogue[name])}`,
          ),
        ]
      : []),
    ...(goals.total > 0 ? [`Partnership goals\n${goalTable(goals)}`] : []),
    ...(contributions.length > 0 ? [`Contributions\n${contributionTable(contributions)}`] : []),
    ...(documents.length > 0 ? [`Documents and cycles\n${documentTable(documents)}`] : []),
  ];
}

const DIALOGUE_TITLES = {
  byFormat: 'Dialogue by format',
  byLevel: 'Dialogue by level',
  byTopic: 'Dialogue by topic',
};

function sessionTable(rows: readonly SessionRow[]): string {
  const table = newTable('', 'planned', 'held', 'cancelled');
  for (const { key, planned, held, cancelled } of rows)
    table.push([key, ...[planned, held, cancelled].map((figure) => number.format(figure))]);
  return table.toString();
}

function goalTable({ byStatus }: GoalCounts): string {
  const table = newTable('status at the end', 'goals');
  for (const { key, goals } of byStatus) table.push([key, number.format(goals)]);
  return table.toString();
}

function contributionTable(rows: readonly ContributionRow[]): string {
  const table = newTable('', 'unit', 'peak', 'at the end', 'person-months', 'amount');
  const figure = (value: number | null | undefined) =>
    value === undefined ? '' : value === null ? 'not recorded' : number.format(value);
  for (const { operation, kind, basis, unit, peak, yearEnd, personMonths, amount } of rows)
    table.push([
      [operation, kind, basis].filter(Boolean).join(', '),
      unit,
      ...[peak, yearEnd, personMonths, amount].map(figure),
    ]);
  return table.toString();
}

function documentTable(rows: readonly DocumentRow[]): string {
  const table = new Table({
    head: ['', 'status', 'since', 'cycles'],
    style: { head: [], border: [], compact: true },
  });
  for (const { title, status, since, cycles } of rows)
    table.push([
      clipped(title),
      status ?? '',
      since ?? '',
      cycles.map(({ from, to, status: state }) => `${from} to ${to}, ${state}`).join('\n'),
    ]);
  return table.toString();
}

function figures(rows: [string, number, number | null][], before = 'none before'): string {
  const table = newTable('', 'figure', `change to ${before}`);
  for (const [label, figure, change] of rows) {
    table.push([
      label,
      number.format(figure),
      !change ? '·' : `${change > 0 ? '+' : ''}${number.format(change)}`,
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
