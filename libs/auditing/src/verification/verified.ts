import type { EventStore, Projection, Summary } from '#event-sourcing';
import type pg from 'pg';
import type { EditionResult } from './verification-result.js';

/** What is verified, and how it is reached. */
export interface Verified {
  readonly store: EventStore;
  /** Of its own. The summaries, and each projection, are compared side by side over as many as there are. */
  readonly connections: readonly pg.ClientBase[];
  /** All of the program; the index of events, `audit`, is one of them. */
  readonly projections: readonly Projection[];
  readonly summaries: readonly Summary[];
  /** Begin the names of all streams of the application. */
  readonly streamPrefixes: readonly string[];
  /** Whether an edition, rendered again, has the SHA-256 it was published with. */
  compareEdition(year: number, edition: number): Promise<EditionResult['content']>;
}
