import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The newest event of each stream first: the seal takes one a stream as it comes to it, and sorts nothing. */
export class IndexHeads1700000005100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('drop index audit.event_by_stream');
    await runner.query('create index event_by_stream on audit.event (stream, from_position desc)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index audit.event_by_stream');
    await runner.query('create index event_by_stream on audit.event (stream, from_position)');
  }
}
