import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The version of a row that holds for positions p with from <= p < to. See TableDefinition of #event-sourcing. */
export abstract class Versioned {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @PrimaryColumn({ type: 'bigint', name: 'from_position' }) fromPosition!: string;
  @Column({ type: 'bigint', name: 'to_position' }) toPosition!: string;
}

/** Of an index: the versions that hold now. */
export const CURRENT = 'to_position = 9223372036854775807';

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
