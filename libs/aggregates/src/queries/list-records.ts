import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { invalid, readAsOf, type AsOfRequest } from '#http';
import { holds, SqlParameters } from '#postgres';
import { DataSource } from 'typeorm';
import { readCursor, writeCursor, type Cursor } from './cursor.js';
import type { Filters, ListDefinition, PageParameters, Sort } from './list-definition.js';
import { known, utc } from './rows.js';

export interface RecordPage {
  readonly items: readonly Readonly<Record<string, unknown>>[];
  readonly nextCursor: string | null;
  readonly total?: number;
}

/** A page of the aggregates that pass every filter, as of now or a past state. */
export class ListRecords extends Query<RecordPage> {
  constructor(
    readonly list: ListDefinition<never>,
    readonly parameters: Filters & PageParameters,
    /** Made by `awaitAsOf` of the parameters. */
    readonly state: AsOfRequest,
  ) {
    super();
  }
}

type Row = Readonly<Record<string, unknown>> & { readonly id: string; readonly sort_key: string };

@QueryHandler(ListRecords)
export class ListRecordsHandler implements IQueryHandler<ListRecords> {
  constructor(private readonly dataSource: DataSource) {}

  /** @throws Problem 400 for a cursor that is not one of this sort */
  execute({ list, parameters: asked, state: wanted }: ListRecords): Promise<RecordPage> {
    const sort = list.sorts[asked.sort]!;
    const cursor = cursorOf(asked, sort);
    const state = cursor ? { asOfPosition: cursor.position } : wanted;
    const from = `${list.projection}.${list.table} a`;
    return readAsOf(this.dataSource, [list.projection], state, async (query, bound) => {
      const parameters = new SqlParameters();
      const position = parameters.add(bound.position);
      const held = (table: string) => holds(bound, table, position);
      const where = [held('a'), ...list.filters(asked as never, parameters, held)].join(' and ');
      const counted = asked.total
        ? await query<{ total: string }>(`select count(*) as total from ${from} where ${where}`, [
            ...parameters.values,
          ])
        : undefined;
      const beyond = cursor ? ` and ${after(cursor, sort, parameters)}` : '';
      const direction = sort.descending ? 'desc' : 'asc';
      const rows = await query<Row>(
        `select a.id, ${list.columns.join(', ')}, ${keyOf(sort)} as sort_key from ${from} where ${where}${beyond}
         order by ${sort.column} ${direction}, a.id ${direction} limit ${parameters.add(asked.limit + 1)}`,
        parameters.values,
      );
      const last = rows.length > asked.limit ? rows[asked.limit - 1] : undefined;
      return {
        items: rows.slice(0, asked.limit).map((row) => known(list.item(row))!),
        nextCursor: last
          ? writeCursor({ sort: asked.sort, position: bound.position, key: last.sort_key, id: last.id })
          : null,
        ...(counted ? { total: Number(counted[0]!.total) } : {}),
      };
    });
  }
}

function cursorOf({ cursor, sort: name }: PageParameters, sort: Sort): Cursor | undefined {
  if (cursor === undefined) return undefined;
  const read = readCursor(cursor, name, sort);
  if (!read)
    throw invalid([{ path: ['cursor'], message: 'give nextCursor of the page before, and the same sort' }]);
  return read;
}

/** The condition for rows beyond the cursor. */
function after({ key, id }: Cursor, { column, type, descending }: Sort, parameters: SqlParameters): string {
  const beyond = descending ? '<' : '>';
  return `(${column}, a.id) ${beyond} (${parameters.add(key)}::${type}, ${parameters.add(id)}::uuid)`;
}

/** The sort column as text that the database reads back unchanged. */
function keyOf({ column, type }: Sort): string {
  return type === 'timestamptz' ? utc(column) : `${column}::text`;
}
