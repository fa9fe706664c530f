import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateAudit1700000005000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create schema audit');
    await runner.query(`create table audit.event (
      id uuid not null, stream text collate "C" not null, revision bigint not null, type text not null, actor text,
      recorded_at timestamptz not null, created timestamptz not null, hash text,
      from_position bigint not null, to_position bigint not null, primary key (id, from_position))`);
    const indexes = {
      position: 'from_position, recorded_at',
      stream: 'stream, from_position',
      type: 'type, from_position',
      actor: 'actor, from_position',
      actor_and_type: 'actor, type, from_position',
    };
    for (const [name, columns] of Object.entries(indexes))
      await runner.query(`create index event_by_${name} on audit.event (${columns})`);
    // Empty unless somebody has ended a row: a verification asks for those.
    await runner.query(
      'create index event_ended on audit.event (to_position) where to_position < 9223372036854775807',
    );
    await runner.query(
      'create table audit.timeline (recorded_at timestamptz not null, position bigint not null, primary key (recorded_at))',
    );
    await runner.query('create unique index timeline_by_position on audit.timeline (position)');
    await runner.query(`create table public.access (
      id bigint generated always as identity, actor text not null, route text not null, filters jsonb not null,
      started_at timestamptz not null, ended_at timestamptz, outcome text not null default 'started', count bigint,
      primary key (id))`);
    await runner.query('create index access_by_actor on public.access (actor, id)');
    await runner.query('create index access_by_start on public.access (started_at, id)');
    await runner.query(`create table public.verification (
      id uuid not null, state text not null, started_at timestamptz not null, noted_at timestamptz not null,
      actor text not null, events bigint not null, of bigint not null, error text, result jsonb, primary key (id))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table public.access, public.verification');
    await runner.query('drop schema audit cascade');
  }
}
