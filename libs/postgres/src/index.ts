export * from './bound.js';
export * from './data-source.js';
export * from './migrate.js';
export * from './snapshot.js';
export * from './sql-parameters.js';
export * from './versioned.js';
