import { dropPositionIndexes, indexPositions } from '#postgres';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const tables = ['activity', 'participation', 'cost', 'nomination'];

export class IndexActivitiesPositions1700000001200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await indexPositions(runner, 'activities', tables);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropPositionIndexes(runner, 'activities', tables);
  }
}
