/* What every program of the project has: configuration, a log, an end. Light, so that those that need no more start at once. */
export * from './child-process.js';
export * from './config.js';
export * from './logging.js';
export * from './refused.js';
