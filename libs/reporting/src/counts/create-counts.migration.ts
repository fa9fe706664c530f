import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateCounts1700000004100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'create table activities.count_mark (position bigint not null, primary key (position))',
    );
    await runner.query(`create table activities.year_count (
      year text not null, position bigint not null, totals jsonb not null, tables jsonb not null,
      primary key (year, position))`);
    await runner.query('create index year_count_at on activities.year_count (position)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table activities.count_mark, activities.year_count');
  }
}
