import { Column, Entity, Index, PrimaryColumn, type QueryRunner } from 'typeorm';

/** The version of a row that holds for positions p with from <= p < to. See TableDefinition of #event-sourcing. */
export abstract class Versioned {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @PrimaryColumn({ type: 'bigint', name: 'from_position' }) fromPosition!: string;
  @Column({ type: 'bigint', name: 'to_position' }) toPosition!: string;
}

/** Of an index: the versions that hold now. */
export const CURRENT = 'to_position = 9223372036854775807';
/** Of an index: the versions that hold no more. */
export const ENDED = 'to_position < 9223372036854775807';

/** A class of rows as the system-versioned table of this name: the current version of each is unique, and those that began or
 * ended in a range of positions are found at once. */
export function VersionedTable(schema: string, name: string): ClassDecorator {
  return (target) => {
    Entity({ name, schema })(target);
    Index(`${name}_current`, ['id'], { unique: true, where: CURRENT })(target);
    Index(`${name}_began`, ['fromPosition'])(target);
    Index(`${name}_ended`, ['toPosition'], { where: ENDED })(target);
  };
}

/** SQL for a migration: makes the indexes of a VersionedTable by position. */
export async function indexPositions(
  runner: QueryRunner,
  schema: string,
  tables: readonly string[],
): Promise<void> {
  for (const table of tables) {
    await runner.query(`create index ${table}_began on ${schema}.${table} (from_position)`);
    await runner.query(`create index ${table}_ended on ${schema}.${table} (to_position) where ${ENDED}`);
  }
}

export async function dropPositionIndexes(
  runner: QueryRunner,
  schema: string,
  tables: readonly string[],
): Promise<void> {
  for (const table of tables)
    await runner.query(`drop index ${schema}.${table}_began, ${schema}.${table}_ended`);
}

/** Up to which position the events of a projection were recorded by a time; its projector writes it. */
export function timelineEntity(schema: string): new () => object {
  @Entity({ name: 'timeline', schema })
  @Index('timeline_by_position', ['position'], { unique: true })
  class TimelineEntity {
    @PrimaryColumn({ type: 'timestamptz', name: 'recorded_at' }) recordedAt!: Date;
    @Column({ type: 'bigint' }) position!: string;
  }
  return TimelineEntity;
}
