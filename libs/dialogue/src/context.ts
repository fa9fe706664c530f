import type { Context } from '#event-sourcing';
import { dialogueEventDefinitions } from './domain/events.js';
import { dialogueProjection } from './projections/dialogue-projection.js';
import { dialogueEntities, dialogueMigrations } from './read-model/index.js';

export const dialogueContext: Context = {
  events: dialogueEventDefinitions,
  projections: [dialogueProjection],
  entities: dialogueEntities,
  migrations: dialogueMigrations,
};
