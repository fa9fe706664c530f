import type { MigrationInterface, QueryRunner } from 'typeorm';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Sql } from './table-sql.js';

/** Where each projection stands. Moves only together with its rows, by compare-and-set. */
@Entity({ name: 'projection', schema: 'public' })
export class ProjectionRow {
  @PrimaryColumn({ type: 'text' }) name!: string;
  @Column({ type: 'integer' }) version!: number;
  /** Commit position up to which every event is applied; -1 before the first. */
  @Column({ type: 'bigint', default: -1 }) position!: string;
  /** Counts leaders; a leader of an earlier epoch can write nothing any more. */
  @Column({ type: 'bigint', default: 0 }) epoch!: string;
  /** Events applied. */
  @Column({ type: 'bigint', default: 0 }) events!: string;
  /** Recorded time of the newest event applied; never goes back. */
  @Column({ type: 'timestamptz', name: 'recorded_at', nullable: true }) recordedAt!: Date | null;
  @Column({ type: 'text', default: 'running' }) state!: 'running' | 'paused';
  /** The event that stopped it, and why: {position, stream, type, message}. */
  @Column({ type: 'jsonb', nullable: true }) error!: unknown;
}

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

/** Channel on which every move of a checkpoint is told: `<name> <position>`. */
export const CHECKPOINT_CHANNEL = 'projection_checkpoint';

export interface Checkpoint {
  position: bigint;
  readonly epoch: bigint;
  /** Microseconds since 1970 of the newest event applied, as the timeline has it; 0 before the first. */
  recordedAt: number;
}

/** The checkpoint was not where this leader left it, or another leads: the batch must be rolled back. */
export class CheckpointMissed extends Error {
  override name = 'CheckpointMissed';
}

/** The stored rows are of a newer version of the projection than this program's: it must not touch them. */
export class NewerProjection extends Error {
  override name = 'NewerProjection';
}

/**
 * Starts a new epoch for a leader that holds the lock. Answers the stored version, which may be older than `version`.
 * @throws NewerProjection
 */
export async function takeOver(
  sql: Sql,
  name: string,
  version: number,
): Promise<Checkpoint & { version: number }> {
  await sql.query('insert into public.projection (name, version) values ($1, $2) on conflict do nothing', [
    name,
    version,
  ]);
  const { rows } = await sql.query(
    `update public.projection set epoch = epoch + 1 where name = $1 and version <= $2
     returning version, position, epoch, coalesce(extract(epoch from recorded_at) * 1000000, 0)::bigint as recorded_at`,
    [name, version],
  );
  if (rows.length === 0)
    throw new NewerProjection(`${name}: the stored rows are of a newer version than ${version}`);
  const row = rows[0] as { version: number; position: string; epoch: string; recorded_at: string };
  return {
    version: row.version,
    position: BigInt(row.position),
    epoch: BigInt(row.epoch),
    recordedAt: Number(row.recorded_at),
  };
}

/** @throws CheckpointMissed, and then the caller rolls back */
export async function moveCheckpoint(
  sql: Sql,
  name: string,
  from: Checkpoint,
  to: bigint,
  recordedAt: number,
  events: number,
): Promise<void> {
  const { rowCount } = await sql.query(
    `with moved as (
       update public.projection set position = $4, events = events + $5, state = 'running', error = null,
         recorded_at = case when $6::bigint = 0 then recorded_at
           else timestamptz 'epoch' + $6::bigint * interval '1 microsecond' end
       where name = $1 and position = $2 and epoch = $3 returning name, position)
     select pg_notify('${CHECKPOINT_CHANNEL}', name || ' ' || position) from moved`,
    [name, String(from.position), String(from.epoch), String(to), events, recordedAt],
  );
  if (rowCount !== 1)
    throw new CheckpointMissed(
      `${name}: the checkpoint is not at ${from.position} in epoch ${from.epoch} any more`,
    );
}
