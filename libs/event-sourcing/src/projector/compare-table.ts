import { MAX_POSITION, type TableDefinition } from './projection.js';
import type { TableChanges } from './batch-rows.js';
import { unnest, values, type Sql } from './table-sql.js';
import type { Timeline } from './timeline.js';

/** Positions after `from`, up to `to`. */
export interface Positions {
  readonly from: bigint;
  readonly to: bigint;
}

/** A version of a row that is not what the events make of it. */
export interface RowDifference {
  readonly key: readonly string[];
  /** Where the version begins. */
  readonly fromPosition: bigint;
  /** Position of the event that should have made, or should not have made, what differs. */
  readonly position: bigint;
  readonly fault: 'missing' | 'unexpected' | 'different';
  /** What differs, of a version that is there. */
  readonly columns: readonly string[];
}

interface Found {
  readonly key: string[];
  readonly from_position: string;
  readonly position: string;
  readonly fault: RowDifference['fault'];
  readonly columns: string[];
}

/**
 * Compares the versions that begin and end at these positions with those that a batch of events has made of the state
 * before: the counterpart of `writeTable`.
 * @param before position that the batch starts from; the stored versions that hold there were compared before
 */
export async function compareTable(
  sql: Sql,
  schema: string,
  { table, opened, closed }: TableChanges,
  { from, to }: Positions,
  before = from,
): Promise<RowDifference[]> {
  const name = `${schema}.${table.name}`;
  const columns = Object.keys(table.columns);
  const others = columns.filter((column) => !table.key.includes(column));
  const same = [...table.key, 'from_position'].map((column) => `s.${column} = k.${column}`).join(' and ');
  // What has not ended by the last event of the batch may have ended since.
  const end = `case when k.to_position = ${MAX_POSITION} then s.to_position > ${to} else s.to_position = k.to_position end`;
  const differing = [
    ...others.map((column) => `case when s.${column} is distinct from k.${column} then '${column}' end`),
    `case when not (${end}) then 'to_position' end`,
  ];
  const begun = await sql.query(
    `select ${keyOf(table)} as key, coalesce(k.from_position, s.from_position) as from_position,
       case when d.columns = array['to_position'] then least(k.to_position, s.to_position)
         else coalesce(k.from_position, s.from_position) end as position, d.columns,
       case when s.from_position is null then 'missing' when k.from_position is null then 'unexpected' else 'different' end as fault
     from ${unnest(table, columns, 'from_position', 'to_position')}
     full join (select * from ${name} where from_position > ${from} and from_position <= ${to}) s on ${same}
     cross join lateral (select case when s.from_position is null or k.from_position is null then '{}'::text[]
       else array_remove(array[${differing.join(', ')}], null) end as columns) d
     where s.from_position is null or k.from_position is null or cardinality(d.columns) > 0`,
    [
      ...columns.map((column) =>
        values(
          opened.map(({ row }) => row),
          table,
          column,
        ),
      ),
      opened.map((version) => String(version.from)),
      opened.map((version) => String(version.to)),
    ],
  );
  const ended = await sql.query(
    `select ${keyOf(table)} as key, coalesce(s.from_position, -1) as from_position,
       coalesce(k.to_position, s.to_position) as position, array['to_position'] as columns, 'different' as fault
     from ${unnest(table, table.key, 'to_position')}
     full join (select * from ${name}
       where to_position > ${from} and to_position <= ${to} and from_position <= ${before}) s
       on ${[...table.key, 'to_position'].map((column) => `s.${column} = k.${column}`).join(' and ')}
     where s.to_position is null or k.to_position is null`,
    [
      ...table.key.map((_, index) => closed.map(({ key }) => key[index])),
      closed.map(({ position }) => String(position)),
    ],
  );
  return [...begun.rows, ...ended.rows].map((found: Found) => ({
    key: found.key,
    fromPosition: BigInt(found.from_position),
    position: BigInt(found.position),
    fault: found.fault,
    columns: found.columns,
  }));
}

/** The same for the times of a projection's events; the key is the position. */
export async function compareTimeline(
  sql: Sql,
  schema: string,
  timeline: Timeline,
  { from, to }: Positions,
): Promise<RowDifference[]> {
  const { rows } = await sql.query(
    `select coalesce(k.position, s.position) as position,
       case when s.position is null then 'missing' when k.position is null then 'unexpected' else 'different' end as fault
     from unnest($1::bigint[], $2::bigint[]) k(time, position)
     full join (select * from ${schema}.timeline where position > ${from} and position <= ${to}) s on s.position = k.position
     where s.recorded_at is distinct from timestamptz 'epoch' + k.time * interval '1 microsecond'`,
    [timeline.times, timeline.positions.map(String)],
  );
  return (rows as Pick<Found, 'position' | 'fault'>[]).map(({ position, fault }) => ({
    key: [position],
    fromPosition: BigInt(position),
    position: BigInt(position),
    fault,
    columns: fault === 'different' ? ['recorded_at'] : [],
  }));
}

/** Versions that begin or end where the projection has not come yet, or before the first event. */
export async function findBeyond(sql: Sql, schema: string, table: TableDefinition): Promise<RowDifference[]> {
  // One statement, so that a batch applied meanwhile moves rows and checkpoint as one.
  const { rows } = await sql.query(
    `with s as (select *, (select position from public.projection where name = $1) as applied from ${schema}.${table.name}
       where from_position > (select position from public.projection where name = $1) or from_position < 0
         or (to_position > (select position from public.projection where name = $1) and to_position < ${MAX_POSITION})
         or to_position < from_position)
     select array[${table.key.map((column) => `${column}::text`).join(', ')}] as key, from_position,
       case when from_position > applied or from_position < 0 then from_position else to_position end as position
     from s`,
    [schema],
  );
  return (rows as Pick<Found, 'key' | 'from_position' | 'position'>[]).map((found) => ({
    key: found.key,
    fromPosition: BigInt(found.from_position),
    position: BigInt(found.position),
    fault: 'unexpected',
    columns: [],
  }));
}

function keyOf(table: TableDefinition): string {
  return `array[${table.key.map((column) => `coalesce(k.${column}, s.${column})::text`).join(', ')}]`;
}
