import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateReporting1700000004000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create schema reporting');
    await runner.query(`create table reporting.edition (
      id uuid not null, year integer not null, edition integer not null, position bigint not null, time text not null,
      annual_target integer not null, format integer not null, sha256 text not null, root text not null,
      streams integer not null, totals jsonb not null, published_at timestamptz not null, actor text not null,
      reason text, note text,
      from_position bigint not null, to_position bigint not null, primary key (id, from_position))`);
    await runner.query(
      'create unique index edition_current on reporting.edition (id) where to_position = 9223372036854775807',
    );
    await runner.query('create unique index edition_of_year on reporting.edition (year, edition)');
    await runner.query(
      'create table reporting.timeline (recorded_at timestamptz not null, position bigint not null, primary key (recorded_at))',
    );
    await runner.query('create unique index timeline_by_position on reporting.timeline (position)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema reporting cascade');
  }
}
