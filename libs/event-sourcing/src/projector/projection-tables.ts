import { Column, Entity, Index, PrimaryColumn, type MigrationInterface, type QueryRunner } from 'typeorm';
import { AddGenerations1700000008000 } from './generations/add-generations.migration.js';

/** Where each projection stands. Its position moves only together with its rows, by compare-and-set. */
@Entity({ name: 'projection', schema: 'public' })
@Index('projection_building', ['projection'], { unique: true, where: "phase = 'building'" })
export class ProjectionRow {
  /** Also the schema of its rows: the projection's own of the generation that serves, else `<projection>_<generation>`. */
  @PrimaryColumn({ type: 'text' }) name!: string;
  @Column({ type: 'integer' }) version!: number;
  /** Commit position up to which every event is applied; -1 before the first. */
  @Column({ type: 'bigint', default: -1 }) position!: string;
  /** Of the newest leadership, each from one sequence: a leader of an earlier one can write nothing any more. */
  @Column({ type: 'bigint', default: 0 }) epoch!: string;
  /** Events applied. */
  @Column({ type: 'bigint', default: 0 }) events!: string;
  /** Recorded time of the newest event applied; never goes back. */
  @Column({ type: 'timestamptz', name: 'recorded_at', nullable: true }) recordedAt!: Date | null;
  /** Who leads applies nothing while it is paused. */
  @Column({ type: 'text', default: 'running' }) state!: 'running' | 'paused';
  /** The event that paused it, and why: a PausingEvent. */
  @Column({ type: 'jsonb', nullable: true }) error!: unknown;
  @Column({ type: 'timestamptz', name: 'paused_at', nullable: true }) pausedAt!: Date | null;
  /** Who paused it; null when an event did. */
  @Column({ type: 'text', name: 'paused_by', nullable: true }) pausedBy!: string | null;
  @Column({ type: 'text', name: 'pause_reason', nullable: true }) pauseReason!: string | null;
  /** Of a generation that does not serve: the projection it is of. */
  @Column({ type: 'text', nullable: true }) projection!: string | null;
  @Column({ type: 'integer', default: 1 }) generation!: number;
  @Column({ type: 'text', default: 'serving' }) phase!: 'serving' | 'building' | 'retired';
  @Column({ type: 'timestamptz', name: 'started_at', default: () => 'now()' }) startedAt!: Date;
  /** Who asked for the generation; null when the program did, for its newer version. */
  @Column({ type: 'text', name: 'started_by', nullable: true }) startedBy!: string | null;
  @Column({ type: 'text', name: 'start_reason', nullable: true }) startReason!: string | null;
}

/** An event that a projection was told to leave out, until its rows are made anew. */
@Entity({ name: 'projection_skip', schema: 'public' })
export class ProjectionSkipRow {
  @PrimaryColumn({ type: 'text' }) projection!: string;
  @PrimaryColumn({ type: 'bigint' }) position!: string;
  @PrimaryColumn({ type: 'timestamptz', name: 'skipped_at' }) skippedAt!: Date;
  @Column({ type: 'text', name: 'skipped_by' }) skippedBy!: string;
  @Column({ type: 'text' }) reason!: string;
  /** What it was skipped for: a PausingEvent. */
  @Column({ type: 'jsonb' }) error!: unknown;
  /** When the rows were made anew, the event with them: null while it is left out. */
  @Column({ type: 'timestamptz', name: 'lifted_at', nullable: true }) liftedAt!: Date | null;
}

export const projectionEntities = [ProjectionRow, ProjectionSkipRow];

export class CreateProjection1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table public.projection (
      name text not null, version integer not null, position bigint not null default -1, epoch bigint not null default 0,
      events bigint not null default 0, recorded_at timestamptz, state text not null default 'running', error jsonb,
      primary key (name))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table public.projection');
  }
}

/** Epochs of one sequence, pauses that somebody decided, skipped events. */
export class OperateProjections1700000007000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create sequence public.projection_epoch');
    await runner.query(
      "select setval('public.projection_epoch', greatest(max(epoch), 0) + 1) from public.projection",
    );
    await runner.query(`alter table public.projection
      add column paused_at timestamptz, add column paused_by text, add column pause_reason text`);
    await runner.query(`create table public.projection_skip (
      projection text not null, position bigint not null, skipped_at timestamptz not null, skipped_by text not null,
      reason text not null, error jsonb not null, lifted_at timestamptz, primary key (projection, position, skipped_at))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table public.projection_skip');
    await runner.query(
      'alter table public.projection drop column paused_at, drop column paused_by, drop column pause_reason',
    );
    await runner.query('drop sequence public.projection_epoch');
  }
}

export const projectionMigrations = [
  CreateProjection1700000000000,
  OperateProjections1700000007000,
  AddGenerations1700000008000,
];
