import { activitiesContext } from '#activities';
import { auditContext } from '#auditing';
import { dialogueContext } from '#dialogue';
import {
  commandEventDefinitions,
  CreateProjection1700000000000,
  EventRegistry,
  OperateProjections1700000007000,
  projectionEntities,
  streamPrefixesOf,
  type Context,
} from '#event-sourcing';
import { partnershipContext } from '#partnership';
import { createDataSource, migrate } from '#postgres';
import { reportingContext } from '#reporting';
import type { ConnectedConfig } from './config.js';

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
export const migrations = [
  CreateProjection1700000000000,
  ...contexts.flatMap((context) => context.migrations),
  OperateProjections1700000007000,
];

/** Brings the read model's tables up to date. Processes that start together take turns. */
export async function migrateReadModel({ DATABASE_URL }: ConnectedConfig): Promise<void> {
  const dataSource = await createDataSource(DATABASE_URL, entities, migrations).initialize();
  await migrate(dataSource);
  await dataSource.destroy();
}
