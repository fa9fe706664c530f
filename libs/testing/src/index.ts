export * from './ids.js';
export * from './random.js';
export * from './read-model.js';
export * from './serve.js';
export * from './told-states.js';
