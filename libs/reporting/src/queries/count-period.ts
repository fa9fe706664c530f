import { holds, type Query } from '#postgres';
import type { Period } from '../period.js';
import { NOT_RECORDED, tables, type CostRow, type TableName, type TableRow } from '../report.js';
import { byKey, compare } from '../rows.js';
import { counting, IN_PERIODS, parameters, type Scope } from './counting.js';
import { NO_TOTALS, totalsOf, type Totals, type TotalsRow } from './totals.js';

/** What a report says of one period: its totals, those of the period before, its tables and costs. */
export interface PeriodCount {
  readonly current: Totals;
  readonly previous: Totals;
  readonly tables: Readonly<Record<TableName, readonly TableRow[]>>;
  readonly costs: readonly CostRow[];
}

/**
 * Counts a period in one statement. In its tables a row's activities are those with its key; by country and institution
 * they are those held with a participation of it. Costs are those of every activity that counts, held or not.
 */
export async function countPeriod(
  query: Query,
  scope: Scope,
  period: Period,
  before: Period,
): Promise<PeriodCount> {
  const rows = await query<CountRow>(
    `with ${counting(scope, IN_PERIODS)},
    -- Few rows with the same keys stand for many activities before each is put into every table.
    alike as (
      select kind, organiser_name, programme, area, role, place_country, month,
        count(*) filter (where status in ('proposed', 'approved')) as planned,
        count(*) filter (where status = 'held') as held,
        count(*) filter (where status = 'cancelled') as cancelled, sum(attendances) as attendances
      from (
        select kind, organiser_name, programme, area, role, place_country, month, status, 0 as attendances
        from counted where period = $4[1]
        union all
        select kind, organiser_name, programme, area, role, place_country, month, null, total
        from taken where period = $4[1]) rows
      group by 1, 2, 3, 4, 5, 6, 7)
    select 'totals' as part, to_jsonb(totals) as row from totals
    union all
    select 'table', to_jsonb(t) from (
      select name, coalesce(key, '${NOT_RECORDED}') as key, sum(planned) as planned, sum(held) as held,
        sum(cancelled) as cancelled, sum(attendances) as attendances
      from alike cross join lateral (values ('byKind', kind), ('byMonth', month), ('byOrganiser', organiser_name),
        ('byProgramme', programme), ('byArea', area), ('byRole', role), ('byVenueCountry', place_country)) tables(name, key)
      group by 1, 2) t
    union all
    select 'table', to_jsonb(t) from (
      select name, coalesce(key, '${NOT_RECORDED}') as key, 0 as planned, count(*) as held, 0 as cancelled,
        sum(attendances) as attendances
      from (
        select name, key, activity_id, sum(total) as attendances
        from taken cross join lateral (values ('byCountry', country), ('byInstitution', institution)) tables(name, key)
        where period = $4[1] group by 1, 2, 3) delegations
      group by 1, 2) t
    union all
    select 'cost', to_jsonb(t) from (
      select k.payer, coalesce(k.currency, '${NOT_RECORDED}') as currency,
        coalesce(sum(k.amount_minor) filter (where k.status = 'known'), 0) as "amountMinor",
        count(*) filter (where k.status = 'to-be-determined') as "toBeDetermined"
      from counted c join activities.cost k on k.activity_id = c.id and ${holds(scope.bound, 'k')}
      where c.period = $4[1] group by 1, 2) t`,
    parameters(scope, [period, before]),
  );
  const totals = new Map(
    rows.flatMap(({ part, row }) => (part === 'totals' ? [[row.period, totalsOf(row)]] : [])),
  );
  return {
    current: totals.get(period.label) ?? NO_TOTALS,
    previous: totals.get(before.label) ?? NO_TOTALS,
    tables: tablesOf(rows.flatMap(({ part, row }) => (part === 'table' ? [row] : []))),
    costs: rows
      .flatMap(({ part, row }) => (part === 'cost' ? [row] : []))
      .map(({ payer, currency, amountMinor, toBeDetermined }) => ({
        payer,
        currency,
        amountMinor,
        toBeDetermined,
      }))
      .sort((one, other) => compare(one.payer, other.payer) || compare(one.currency, other.currency)),
  };
}

type CountRow =
  | { readonly part: 'totals'; readonly row: TotalsRow }
  | { readonly part: 'table'; readonly row: TableRow & { readonly name: TableName } }
  | { readonly part: 'cost'; readonly row: CostRow };

function tablesOf(rows: readonly (TableRow & { readonly name: TableName })[]): Record<TableName, TableRow[]> {
  const result = Object.fromEntries(tables.map((name) => [name, []])) as unknown as Record<
    TableName,
    TableRow[]
  >;
  for (const { name, key, planned, held, cancelled, attendances } of [...rows].sort(byKey))
    result[name].push({ key, planned, held, cancelled, attendances });
  return result;
}
