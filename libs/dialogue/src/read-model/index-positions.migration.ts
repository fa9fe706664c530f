import { dropPositionIndexes, indexPositions } from '#postgres';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const tables = ['session', 'follow_up'];

export class IndexDialoguePositions1700000002200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await indexPositions(runner, 'dialogue', tables);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropPositionIndexes(runner, 'dialogue', tables);
  }
}
