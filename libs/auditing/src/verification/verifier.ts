import { Injectable } from '@nestjs/common';
import { AggregateNotFound, EventStore, ReadModels } from '#event-sourcing';
import { Problem } from '#http';
import { EditionQueries } from '#reporting';
import { Client } from '#pg-client';
import { DataSource } from 'typeorm';
import type { PostgresDataSourceOptions } from 'typeorm/driver/postgres/PostgresDataSourceOptions.js';
import type { Progress, VerificationResult } from './verification-result.js';
import { verify } from './verify.js';
import type { Verified } from './verified.js';

/** One for each projection, and one. */
const CONNECTIONS = 6;

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
    const { store, readModels } = this;
    const { projections, summaries, streamPrefixes } = readModels;
    const { url } = this.dataSource.options as PostgresDataSourceOptions;
    // Beside the pool: a verification holds them for as long as it runs.
    const connections = Array.from({ length: CONNECTIONS }, () => new Client(url));
    try {
      for (const client of connections) {
        // Without a listener a lost connection would end the process; the next query reports it.
        client.on('error', () => undefined);
        await client.connect();
      }
      const compareEdition = comparedBy(this.editions);
      return await verify(
        { store, connections, projections, summaries, streamPrefixes, compareEdition },
        onProgress,
      );
    } finally {
      await Promise.all(connections.map((client) => client.end().catch(() => undefined)));
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
