import { activitiesContext } from '#activities/context';
import { auditContext } from '#auditing/context';
import { dialogueContext } from '#dialogue/context';
import {
  commandEventDefinitions,
  EventRegistry,
  projectionEntities,
  projectionMigrations,
  restartGenerations,
  streamPrefixesOf,
  type Context,
} from '#event-sourcing';
import { partnershipContext } from '#partnership/context';
import { createDataSource, migrate } from '#postgres';
import { reportingContext } from '#reporting/context';
import type { ConnectedConfig } from '#process';
import { onConnection } from './projections/sql-of.js';

/** What the program is made of. A new context is added here and in the API's module. */
const recorded: readonly Context[] = [
  activitiesContext,
  dialogueContext,
  partnershipContext,
  reportingContext,
];
/** The audit follows all others, so it comes after them. */
const contexts: readonly Context[] = [...recorded, auditContext(streamPrefixesOf(recorded))];

export const eventRegistry = new EventRegistry(
  commandEventDefinitions,
  ...contexts.map(({ events }) => events),
);
export const projections = contexts.flatMap((context) => context.projections);
export const summaries = contexts.flatMap((context) => context.summaries ?? []);
/** Every projection's position moves with all of these, so that any Consistency-Token can be waited for. */
export const streamPrefixes = streamPrefixesOf(contexts);
export const entities = [...projectionEntities, ...contexts.flatMap((context) => context.entities)];
/** In the order in which they run: by the time that ends their names. */
export const migrations = [
  ...projectionMigrations,
  ...contexts.flatMap((context) => context.migrations),
].sort((one, other) => (one.name.slice(-13) < other.name.slice(-13) ? -1 : 1));

/** Brings the read model's tables up to date. Processes that start together take turns. */
export async function migrateReadModel({ DATABASE_URL }: ConnectedConfig): Promise<void> {
  const dataSource = await createDataSource(DATABASE_URL, entities, migrations).initialize();
  await migrate(dataSource, (run) =>
    onConnection(dataSource, (sql) => restartGenerations(sql, new Date(), run)),
  );
  await dataSource.destroy();
}
