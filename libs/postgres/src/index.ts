export * from './as-of.js';
export * from './data-source.js';
export * from './migrate.js';
export * from './snapshot.js';
export * from './versioned.js';
