import { canonicalHash, type Context, type Projection, type TableDefinition } from '#event-sourcing';
import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import type { StateSeal } from '../editions/state-seal.js';

const heads: TableDefinition = {
  name: 'stream_head',
  key: ['stream'],
  columns: { stream: 'text', revision: 'bigint', hash: 'text' },
};

/** The least that a seal can be read from: the head of every stream, as of any position. */
const projection: Projection = {
  name: 'audit',
  version: 1,
  tables: [heads],
  streamPrefixes: ['activity-', 'dialogue-', 'document-', 'goal-', 'contribution-', 'annual_report-'],
  reads: ({ stream }) => [{ table: heads, key: [stream] }],
  apply: ({ stream, revision, metadata: { hash } }, rows) => rows.put(heads, { stream, revision, hash }),
};

class CreateAudit1700000009000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create schema audit');
    await runner.query(`create table audit.stream_head (stream text not null, revision bigint not null, hash text,
      from_position bigint not null, to_position bigint not null, primary key (stream, from_position))`);
    await runner.query('create table audit.timeline (recorded_at timestamptz primary key, position bigint)');
  }
  async down(): Promise<void> {}
}

export const auditContext: Context = {
  events: {},
  projections: [projection],
  entities: [],
  migrations: [CreateAudit1700000009000],
};

/** A root that any other head of any stream would change. */
export function sealOf(dataSource: DataSource): StateSeal {
  return {
    async seal(position) {
      const found = await dataSource.query<object[]>(
        `select stream, revision::text, hash from audit.stream_head
         where from_position <= $1 and to_position > $1 order by stream`,
        [String(position)],
      );
      return { root: canonicalHash(found), streams: found.length };
    },
  };
}
