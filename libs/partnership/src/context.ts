import type { Context } from '#event-sourcing';
import { contributionEventDefinitions } from './contributions/domain/events.js';
import { documentEventDefinitions } from './documents/domain/events.js';
import { goalEventDefinitions } from './goals/domain/events.js';
import { partnershipProjection } from './projections/partnership-projection.js';
import { partnershipEntities, partnershipMigrations } from './read-model/index.js';

export const partnershipContext: Context = {
  events: { ...documentEventDefinitions, ...goalEventDefinitions, ...contributionEventDefinitions },
  projections: [partnershipProjection],
  entities: partnershipEntities,
  migrations: partnershipMigrations,
};
