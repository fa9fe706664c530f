export * from './child-process.js';
export * from './config.js';
export * from './contexts.js';
export * from './explain.js';
export * from './logging.js';
export * from './projections/projection-commands.js';
export * from './projections/projection-statuses.js';
export * from './stores.module.js';
