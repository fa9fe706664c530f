export * from './canonical-hash.js';
export * from './commands/aggregate.js';
export * from './commands/command-executor.js';
export * from './commands/command-request.js';
export * from './commands/derived-ids.js';
export * from './commands/errors.js';
export * from './context.js';
export * from './history/history.js';
export * from './projector/apply-batch.js';
export * from './projector/batch-rows.js';
export * from './projector/checkpoint.js';
export * from './projector/commands/decision.js';
export * from './projector/commands/pause-projection.js';
export { resumeProjection } from './projector/commands/resume-projection.js';
export * from './projector/commands/skip-event.js';
export * from './projector/compare-table.js';
export {
  areAsMade,
  areTimesAsMade,
  readTimes,
  readVersions,
  type StoredVersions,
} from './projector/stored-versions.js';
export * from './projector/generations/generation-status.js';
export * from './projector/generations/generations.js';
export * from './projector/generations/restart-generations.js';
export * from './projector/lag.js';
export * from './projector/pausing-event.js';
export * from './projector/projection-positions.js';
export * from './projector/projection-tables.js';
export * from './projector/projection.js';
export * from './projector/projectors.js';
export * from './projector/summarizer.js';
export * from './projector/summary.js';
export { loadRows, type Sql } from './projector/table-sql.js';
export * from './projector/timeline.js';
export * from './recorded-event.js';
export * from './store/errors.js';
export * from './store/event-hash.js';
export * from './store/event-registry.js';
export * from './store/event-store.js';
export { NO_REVISION } from './store/name-error.js';
export * from './store/raw-event.js';
export { eventsOf, ReadCall } from './store/read-call.js';
export { identifier, readAll, readStream, type ReadRequest } from './store/read-request.js';
export { beginsWithOne } from './store/stream-prefixes.js';
export { uuidv5 } from './uuid.js';
