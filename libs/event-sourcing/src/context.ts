import type { EntitySchema, MigrationInterface } from 'typeorm';
import type { Projection } from './projector/projection.js';
import type { Summary } from './projector/summary.js';
import type { EventDefinitions } from './store/event-registry.js';

/** What a context brings into the program: the events it stores, and the read models made of them. */
export interface Context {
  readonly events: EventDefinitions;
  readonly projections: readonly Projection[];
  /** Of these projections or of those of other contexts. */
  readonly summaries?: readonly Summary[];
  /** Describe the projections' and summaries' tables; the migrations make them. */
  readonly entities: readonly ((new () => object) | EntitySchema)[];
  readonly migrations: readonly (new () => MigrationInterface)[];
}

/** Prefixes of all streams that the contexts' projections follow, each once. */
export function streamPrefixesOf(contexts: readonly Context[]): readonly string[] {
  const all = contexts.flatMap(({ projections }) =>
    projections.flatMap(({ streamPrefixes }) => streamPrefixes),
  );
  return [...new Set(all)];
}

/** All read models of the program. The composition provides it. */
export abstract class ReadModels {
  abstract readonly projections: readonly Projection[];
  abstract readonly summaries: readonly Summary[];
  /** Of all contexts: every event of the application is in a stream that begins with one. */
  abstract readonly streamPrefixes: readonly string[];
}
