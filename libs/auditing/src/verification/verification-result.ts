import type { SkippedEvent } from '#event-sourcing';
import type { Fault } from './faults.js';

export interface Progress {
  readonly events: number;
  /** How many there are, as far as is known. */
  readonly of: number;
}

export interface VerificationResult {
  readonly intact: boolean;
  /** Commit position up to which everything was looked at; -1 in an empty store. */
  readonly position: string;
  /** The rows were compared up to here: further on a projection has still to apply the events. */
  readonly rowsPosition: string;
  readonly events: number;
  readonly streams: number;
  /** Versions of rows compared. */
  readonly rows: number;
  /** Events without a hash: written elsewhere. Nothing can be said of them, so they are no fault. */
  readonly unprotected: { readonly events: number; readonly streams: readonly string[] };
  /**
   * Events that say, under their hash, that they were recorded more than a minute after the store took them in: a clock ran
   * ahead, or the store's own time, which no hash covers, was moved. As of a time they count from the store's. No fault.
   */
  readonly recordedAhead: { readonly events: number; readonly streams: readonly string[] };
  readonly editions: readonly EditionResult[];
  /** Events that an operator had a projection leave out: its rows are compared as if they had not been. No fault. */
  readonly skipped: readonly (SkippedEvent & { readonly projection: string })[];
  /** Streams with a fault: rows made of what follows it there were not compared. */
  readonly notCompared: { readonly streams: number };
  readonly faults: readonly Fault[];
  /** All, of which the first thousand are listed. */
  readonly faultCount: number;
}

/** What an edition comes to, made again from what is stored. */
export interface EditionResult {
  readonly year: number;
  readonly edition: number;
  readonly position: string;
  /** The Merkle root over the heads of all streams. */
  readonly root: 'matches' | 'differs';
  /** The SHA-256 of its report. */
  readonly content: 'matches' | 'differs' | 'not-compared';
}
