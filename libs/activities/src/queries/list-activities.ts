import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { holds, readAsOf } from '#postgres';
import { Clock } from '#shared-kernel';
import { invalid } from '#http';
import { DataSource } from 'typeorm';
import { activitiesProjection } from '../projections/activities-projection.js';
import { activityItem, type ActivityItem, type ActivityItemRow } from './activity-item.js';
import { after, columns, filters, orderBy, Parameters } from './activity-sql.js';
import {
  readCursor,
  writeCursor,
  type Cursor,
  type ListActivitiesParameters,
} from './list-activities.schema.js';

export interface ActivityPage {
  readonly items: readonly ActivityItem[];
  readonly nextCursor: string | null;
  readonly total?: number;
}

/** A page of activities that pass every filter, as of now or a past state. */
export class ListActivities extends Query<ActivityPage> {
  constructor(
    readonly parameters: ListActivitiesParameters,
    /** The newest event stored when the list was asked for. */
    readonly head: bigint,
  ) {
    super();
  }
}

@QueryHandler(ListActivities)
export class ListActivitiesHandler implements IQueryHandler<ListActivities> {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** @throws Problem 400 for a cursor that is not one of this sort */
  execute({ parameters: asked, head }: ListActivities): Promise<ActivityPage> {
    const cursor = cursorOf(asked);
    const state = { ...(cursor ? { asOfPosition: cursor.position } : asked), head };
    const { name } = activitiesProjection;
    return readAsOf(this.dataSource, name, state, this.clock.now(), async (query, bound) => {
      const parameters = new Parameters();
      const position = parameters.add(bound.position);
      const conditions = [
        holds(bound, 'a', position),
        ...filters(asked, parameters, holds(bound, 'p', position)),
      ].join(' and ');
      const counted = asked.total
        ? await query<{ total: string }>(
            `select count(*) as total from activities.activity a where ${conditions}`,
            [...parameters.values],
          )
        : undefined;
      const beyond = cursor ? ` and ${after(cursor, parameters)}` : '';
      const rows = await query<ActivityItemRow>(
        `select ${columns} from activities.activity a where ${conditions}${beyond}
         order by ${orderBy(asked.sort)} limit ${parameters.add(asked.limit + 1)}`,
        parameters.values,
      );
      return {
        items: rows.slice(0, asked.limit).map(activityItem),
        nextCursor:
          rows.length > asked.limit ? cursorAt(rows[asked.limit - 1]!, asked, bound.position) : null,
        ...(counted ? { total: Number(counted[0]!.total) } : {}),
      };
    });
  }
}

function cursorOf({ cursor, sort }: ListActivitiesParameters): Cursor | undefined {
  if (cursor === undefined) return undefined;
  const read = readCursor(cursor, sort);
  if (!read)
    throw invalid([{ path: ['cursor'], message: 'give nextCursor of the page before, and the same sort' }]);
  return read;
}

function cursorAt(row: ActivityItemRow, { sort }: ListActivitiesParameters, position: string): string {
  return writeCursor({
    sort,
    position,
    key: sort === 'recordedAt' ? row.recorded_at : row.earliest_start,
    id: row.id,
  });
}
