import { Injectable } from '@nestjs/common';
import { AggregateNotFound, EventStore, ReadModels } from '#event-sourcing';
import { Problem } from '#http';
import { EditionQueries } from '#reporting';
import type pg from 'pg';
import { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import type { Progress, VerificationResult } from './verification-result.js';
import { verify, type Verified } from './verify.js';

/** Of the ten that the pool has: editions are rendered over others. */
const MOST_CONNECTIONS = 5;

/** Verifies the record and the read models of the composition. */
@Injectable()
export class Verifier {
  constructor(
    private readonly store: EventStore,
    private readonly dataSource: DataSource,
    private readonly readModels: ReadModels,
    private readonly editions: EditionQueries,
  ) {}

  /** @throws NotVerifiable, StoreUnavailable, and the database's errors */
  async run(onProgress: (progress: Progress) => void): Promise<VerificationResult> {
    const driver = this.dataSource.driver as PostgresDriver;
    const { store, readModels } = this;
    const { projections, summaries, streamPrefixes } = readModels;
    const taken: [pg.ClientBase, () => void][] = [];
    try {
      for (let nth = 0; nth < MOST_CONNECTIONS; nth++)
        taken.push((await driver.obtainMasterConnection()) as [pg.ClientBase, () => void]);
      const connections = taken.map(([sql]) => sql) as [pg.ClientBase, ...pg.ClientBase[]];
      const compareEdition = comparedBy(this.editions);
      return await verify(
        { store, connections, projections, summaries, streamPrefixes, compareEdition },
        onProgress,
      );
    } finally {
      for (const [, release] of taken) release();
    }
  }
}

/** Renders editions again. */
export function comparedBy(editions: EditionQueries): Verified['compareEdition'] {
  return async (year, edition) => {
    try {
      await editions.edition(year, edition);
      return 'matches';
    } catch (error) {
      if (error instanceof Problem && error.code === 'EditionDoesNotMatch') return 'differs';
      // Its row is gone, or the read models are not as far as that yet.
      if (error instanceof AggregateNotFound || error instanceof Problem) return 'not-compared';
      throw error;
    }
  };
}
