import { searchable } from '../read-model/search-text.js';
import type { Cursor, ListActivitiesParameters, Sort } from './list-activities.schema.js';

/** Columns of the list's rows; `key` is what the rows are sorted by, as text that the database reads back unchanged. */
export const columns = `a.id, a.title, a.kind, a.status, a.programme, a.area, a.role, a.organiser_name, a.organiser_kind,
  a.organiser_country, a.delivery, a.place_country, a.place_city, a.place_venue, a.starts_on, a.ends_on, a.held_starts_on,
  a.held_ends_on, a.subtype, a.reference, a.cycle_id, a.quota, a.proposed_by,
  to_char(a.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as recorded_at, a.earliest_start::text`;

const orders = {
  startsOn: { column: 'a.earliest_start', type: 'date', direction: 'asc', after: '>' },
  '-startsOn': { column: 'a.earliest_start', type: 'date', direction: 'desc', after: '<' },
  recordedAt: { column: 'a.recorded_at', type: 'timestamptz', direction: 'asc', after: '>' },
} as const;

export function orderBy(sort: Sort): string {
  const { column, direction } = orders[sort];
  return `${column} ${direction}, a.id ${direction}`;
}

/** Values of a statement; each is named in the SQL by what `add` answers. */
export class Parameters {
  readonly values: unknown[] = [];
  add(value: unknown): string {
    return `$${this.values.push(value)}`;
  }
}

/** The condition for rows beyond the cursor. */
export function after({ sort, key, id }: Cursor, parameters: Parameters): string {
  const { column, type, after: beyond } = orders[sort];
  return `(${column}, a.id) ${beyond} (${parameters.add(key)}::${type}, ${parameters.add(id)}::uuid)`;
}

/** One condition for each filter that is given. `participationHolds`: which versions of participation p are meant. */
export function filters(
  given: ListActivitiesParameters,
  parameters: Parameters,
  participationHolds: string,
): string[] {
  const { year, from, to, kind, status, programme, area, organiser, reference, country, institution, q } =
    given;
  const conditions: string[] = [];
  const where = (value: unknown, condition: (parameter: string) => string) => {
    if (value !== undefined) conditions.push(condition(parameters.add(value)));
  };
  where(year && `${year}-01-01`, (first) => `a.earliest_start >= ${first}::date`);
  where(year && `${year}-12-31`, (last) => `a.latest_start <= ${last}::date`);
  where(from, (first) => `a.earliest_start >= ${first}::date`);
  where(to, (last) => `a.latest_start <= ${last}::date`);
  where(kind, (value) => `a.kind = ${value}`);
  where(status, (value) => `a.status = ${value}`);
  where(programme, (value) => `a.programme = ${value}`);
  where(area, (value) => `a.area = ${value}`);
  where(organiser, (value) => `lower(a.organiser_name) = lower(${value})`);
  where(reference, (value) => `lower(a.reference) = lower(${value})`);
  where(q && patterns(q), (words) => `a.search_text like all(${words}::text[])`);
  const taking: string[] = [];
  if (country !== undefined) taking.push(`p.country = ${parameters.add(country)}`);
  if (institution !== undefined) taking.push(`lower(p.institution) = lower(${parameters.add(institution)})`);
  if (taking.length > 0) {
    conditions.push(
      `exists (select 1 from activities.participation p where p.activity_id = a.id and ${participationHolds} and ${taking.join(' and ')})`,
    );
  }
  return conditions;
}

/** Every word, wherever it stands; what LIKE takes for a wildcard stands for itself. */
function patterns(q: string): string[] {
  return searchable(q)
    .split(' ')
    .map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`);
}
