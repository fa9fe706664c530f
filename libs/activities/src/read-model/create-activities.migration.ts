import type { MigrationInterface, QueryRunner } from 'typeorm';

const VERSIONED =
  'from_position bigint not null, to_position bigint not null, primary key (id, from_position)';

export class CreateActivities1700000001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create schema activities');
    await runner.query(`create table activities.activity (
      id uuid not null, title text not null, kind text not null, status text not null, left_statuses jsonb not null,
      programme text not null, area text, organiser_name text, organiser_kind text, organiser_country text, delivery text,
      place_country text, place_city text, place_venue text, role text not null,
      starts_on text, ends_on text, held_starts_on text, held_ends_on text,
      earliest_start date not null, latest_start date not null, latest_end date not null,
      subtype text, reference text, cycle_id uuid, quota integer, proposed_by text not null,
      recorded_at timestamptz not null, search_text text not null, ${VERSIONED})`);
    await runner.query(`create table activities.participation (
      id uuid not null, activity_id uuid not null, country text not null, institution text, role text, total integer not null,
      military integer, civilian integer, female integer, male integer, ${VERSIONED})`);
    await runner.query(`create table activities.cost (
      id uuid not null, activity_id uuid not null, payer text not null, category text, amount_minor bigint, currency text,
      status text not null, ${VERSIONED})`);
    await runner.query(`create table activities.nomination (
      id uuid not null, activity_id uuid not null, institution text not null, country text not null, role text,
      persons integer not null, ${VERSIONED})`);
    for (const table of ['activity', 'participation', 'cost', 'nomination']) {
      await runner.query(
        `create unique index ${table}_current on activities.${table} (id) where to_position = 9223372036854775807`,
      );
    }
    for (const table of ['participation', 'cost', 'nomination']) {
      await runner.query(`create index ${table}_of_activity on activities.${table} (activity_id)`);
    }
    await runner.query('create index activity_by_start on activities.activity (earliest_start, id)');
    await runner.query('create index activity_by_recorded on activities.activity (recorded_at, id)');
    await runner.query(
      'create table activities.timeline (recorded_at timestamptz not null, position bigint not null, primary key (recorded_at))',
    );
    await runner.query('create unique index timeline_by_position on activities.timeline (position)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema activities cascade');
  }
}
