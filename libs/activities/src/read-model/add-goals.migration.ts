import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AddGoals1700000001100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table activities.activity add column goal_ids jsonb');
    await runner.query(
      'create index activity_of_goals on activities.activity using gin (goal_ids) where goal_ids is not null',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table activities.activity drop column goal_ids');
  }
}
