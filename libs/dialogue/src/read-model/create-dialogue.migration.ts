import type { MigrationInterface, QueryRunner } from 'typeorm';

const VERSIONED =
  'from_position bigint not null, to_position bigint not null, primary key (id, from_position)';

export class CreateDialogue1700000002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create schema dialogue');
    await runner.query(`create table dialogue.session (
      id uuid not null, title text not null, status text not null, withdrawn_from text, format text not null, level text,
      counterpart text,      place_country text, place_city text, place_venue text,
      date text not null, end_date text, held_date text, held_end_date text,
      earliest_date date not null, latest_date date not null, latest_end date not null,
      topics jsonb not null, own_delegation_head text, cycle_id uuid,
      recorded_at timestamptz not null, search_text text not null, ${VERSIONED})`);
    await runner.query(`create table dialogue.follow_up (
      id uuid not null, session_id uuid not null, text text not null, owner text not null, due_on text, due_by date,
      activity_id uuid, status text not null, completed_on text, ${VERSIONED})`);
    for (const table of ['session', 'follow_up']) {
      await runner.query(
        `create unique index ${table}_current on dialogue.${table} (id) where to_position = 9223372036854775807`,
      );
    }
    await runner.query('create index session_by_date on dialogue.session (earliest_date, id)');
    await runner.query('create index session_by_recorded on dialogue.session (recorded_at, id)');
    await runner.query('create index follow_up_of_session on dialogue.follow_up (session_id)');
    await runner.query(
      'create index follow_up_of_activity on dialogue.follow_up (activity_id) where activity_id is not null',
    );
    await runner.query(
      'create table dialogue.timeline (recorded_at timestamptz not null, position bigint not null, primary key (recorded_at))',
    );
    await runner.query('create unique index timeline_by_position on dialogue.timeline (position)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema dialogue cascade');
  }
}
