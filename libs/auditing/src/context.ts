import { COMMAND_STREAM_PREFIX, type Context } from '#event-sourcing';
import { auditProjection } from './projections/audit-projection.js';
import { auditEntities, auditMigrations } from './read-model/index.js';

/** @param streamPrefixes of all other contexts; reserved command ids are added, so that every event of the application is in. */
export function auditContext(streamPrefixes: readonly string[]): Context {
  return {
    events: {},
    projections: [auditProjection([...streamPrefixes, COMMAND_STREAM_PREFIX])],
    entities: auditEntities,
    migrations: auditMigrations,
  };
}
