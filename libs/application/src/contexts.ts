import {
  ACTIVITY_STREAM_PREFIX,
  activitiesEntities,
  activitiesMigrations,
  activitiesProjection,
  activityEventDefinitions,
} from '#activities';
import {
  commandEventDefinitions,
  CreateProjection1700000000000,
  EventRegistry,
  ProjectionRow,
  type Projection,
} from '#event-sourcing';
import { createDataSource, migrate } from '#postgres';
import type { ConnectedConfig } from './config.js';

/** What the contexts bring along. A new context is added here and in the API's module. */
export const eventRegistry = new EventRegistry(commandEventDefinitions, activityEventDefinitions);
export const projections: readonly Projection[] = [activitiesProjection];
/** Every projection's position moves with all of these, so that any Consistency-Token can be waited for. */
export const streamPrefixes: readonly string[] = [ACTIVITY_STREAM_PREFIX];
export const entities = [ProjectionRow, ...activitiesEntities];
export const migrations = [CreateProjection1700000000000, ...activitiesMigrations];

/** Brings the read model's tables up to date. Processes that start together take turns. */
export async function migrateReadModel({ DATABASE_URL }: ConnectedConfig): Promise<void> {
  const dataSource = await createDataSource(DATABASE_URL, entities, migrations).initialize();
  await migrate(dataSource);
  await dataSource.destroy();
}
