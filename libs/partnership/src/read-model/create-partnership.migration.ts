import type { MigrationInterface, QueryRunner } from 'typeorm';

const VERSIONED =
  'from_position bigint not null, to_position bigint not null, primary key (id, from_position)';
const RECORDED = 'recorded_at timestamptz not null, search_text text not null';
/** Sorted by its bytes, whatever the database's locale is: the order of a list and its cursor must be one. */
const SORTED = 'text collate "C" not null';

const TABLES = {
  document: `type text not null, title ${SORTED}, reference text, status text not null, reached jsonb not null, ${RECORDED}`,
  milestone: `document_id uuid not null, milestone text not null, on_date text, earliest date, latest date, note text`,
  cycle: `document_id uuid not null, title text, from_date text not null, to_date text not null,
    first_day date not null, last_day date not null, agreed_on text, status text not null`,
  goal: `code ${SORTED}, title text not null, branch text not null, document_id uuid, cycle_id uuid,
    proposed_on text, proposed_by_day date, status text not null, assessed jsonb not null, ${RECORDED}`,
  assessment: `goal_id uuid not null, on_date text not null, latest date not null, ordinal integer not null,
    status text not null, note text`,
  contribution: `operation ${SORTED}, kind text not null, unit text not null, basis text, title text, ${RECORDED},
    status text not null`,
  segment: `contribution_id uuid not null, from_date text not null, to_date text, first_day date not null, last_day date,
    value bigint`,
};

const INDEXES = [
  ['document', 'by_title', 'title, id'],
  ['document', 'by_recorded', 'recorded_at, id'],
  ['milestone', 'of_document', 'document_id'],
  ['cycle', 'of_document', 'document_id'],
  ['goal', 'by_code', 'code, id'],
  ['goal', 'by_recorded', 'recorded_at, id'],
  ['goal', 'of_document', 'document_id'],
  ['goal', 'of_cycle', 'cycle_id'],
  ['assessment', 'of_goal', 'goal_id'],
  ['contribution', 'by_operation', 'operation, id'],
  ['contribution', 'by_recorded', 'recorded_at, id'],
  ['segment', 'of_contribution', 'contribution_id'],
] as const;

export class CreatePartnership1700000003000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create schema partnership');
    for (const [table, columns] of Object.entries(TABLES)) {
      await runner.query(`create table partnership.${table} (id uuid not null, ${columns}, ${VERSIONED})`);
      await runner.query(
        `create unique index ${table}_current on partnership.${table} (id) where to_position = 9223372036854775807`,
      );
    }
    for (const [table, name, columns] of INDEXES) {
      await runner.query(`create index ${table}_${name} on partnership.${table} (${columns})`);
    }
    await runner.query(
      'create table partnership.timeline (recorded_at timestamptz not null, position bigint not null, primary key (recorded_at))',
    );
    await runner.query('create unique index timeline_by_position on partnership.timeline (position)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema partnership cascade');
  }
}
