import { ENDED, Versioned } from '#postgres';
import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/**
 * Each filter of the feed has an index that gives its rows in the order of positions; times narrow the positions first, which the
 * index by position does without a look at the rows. That by stream has the newest event of each first, as the seal takes them.
 */
@Entity({ name: 'event', schema: 'audit' })
@Index('event_by_position', ['fromPosition', 'recordedAt'])
@Index('event_by_stream', ['stream', 'fromPosition'])
@Index('event_by_type', ['type', 'fromPosition'])
@Index('event_by_actor', ['actor', 'fromPosition'])
@Index('event_by_actor_and_type', ['actor', 'type', 'fromPosition'])
@Index('event_ended', ['toPosition'], { where: ENDED })
export class EventEntity extends Versioned {
  /** Sorted by bytes, as the seal takes the streams. */
  @Column({ type: 'text', collation: 'C' }) stream!: string;
  @Column({ type: 'bigint' }) revision!: string;
  @Column({ type: 'text' }) type!: string;
  @Column({ type: 'text', nullable: true }) actor!: string | null;
  @Column({ type: 'timestamptz', name: 'recorded_at' }) recordedAt!: Date;
  /** By the store's clock, to the millisecond. */
  @Column({ type: 'timestamptz' }) created!: Date;
  @Column({ type: 'text', nullable: true }) hash!: string | null;
}

export type AccessOutcome = 'started' | 'complete' | 'cut-off';

/** Who read what of the record. Not made of events, so no rebuild of a read model touches it. */
@Entity({ name: 'access', schema: 'public' })
@Index('access_by_actor', ['actor', 'id'])
@Index('access_by_start', ['startedAt', 'id'])
export class AccessEntity {
  /** Rises with the time. */
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' }) id!: string;
  @Column({ type: 'text' }) actor!: string;
  /** Such as `GET /api/v1/audit/events`, or a command of the command line. */
  @Column({ type: 'text' }) route!: string;
  @Column({ type: 'jsonb' }) filters!: object;
  @Column({ type: 'timestamptz', name: 'started_at' }) startedAt!: Date;
  @Column({ type: 'timestamptz', name: 'ended_at', nullable: true }) endedAt!: Date | null;
  @Column({ type: 'text', default: 'started' }) outcome!: AccessOutcome;
  /** Of what was sent. */
  @Column({ type: 'bigint', nullable: true }) count!: string | null;
}

/** A verification that was asked for, how far it is, and what it found. Not made of events either. */
@Entity({ name: 'verification', schema: 'public' })
export class VerificationEntity {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'text' }) state!: 'running' | 'done' | 'failed';
  @Column({ type: 'timestamptz', name: 'started_at' }) startedAt!: Date;
  /** When its progress was written last. */
  @Column({ type: 'timestamptz', name: 'noted_at' }) notedAt!: Date;
  @Column({ type: 'text' }) actor!: string;
  @Column({ type: 'bigint' }) events!: string;
  @Column({ type: 'bigint' }) of!: string;
  @Column({ type: 'text', nullable: true }) error!: string | null;
  @Column({ type: 'jsonb', nullable: true }) result!: object | null;
}
