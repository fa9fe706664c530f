export * from './context.js';
export * from './explain.js';
export * from './projections/projection-commands.js';
export * from './projections/projection-statuses.js';
export * from './stores.module.js';
export * from './verification/verification-thread.js';
