import type { Context } from '#event-sourcing';
import { activityEventDefinitions } from './domain/events.js';
import { activitiesProjection } from './projections/activities-projection.js';
import { activitiesEntities, activitiesMigrations } from './read-model/index.js';

export const activitiesContext: Context = {
  events: activityEventDefinitions,
  projections: [activitiesProjection],
  entities: activitiesEntities,
  migrations: activitiesMigrations,
};
