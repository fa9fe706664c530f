import { dropPositionIndexes, indexPositions } from '#postgres';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const tables = ['document', 'milestone', 'cycle', 'goal', 'assessment', 'contribution', 'segment'];

export class IndexPartnershipPositions1700000003200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await indexPositions(runner, 'partnership', tables);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropPositionIndexes(runner, 'partnership', tables);
  }
}
