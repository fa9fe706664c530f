export * from './accepted.js';
export * from './answer-format.js';
export * from './command-headers.js';
export * from './consistency.js';
export * from './csv.js';
export * from './problem.js';
export * from './problem.filter.js';
export * from './validation.js';
