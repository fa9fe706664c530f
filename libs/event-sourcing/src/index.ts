export * from './commands/command-executor.js';
export * from './commands/command-request.js';
export * from './commands/errors.js';
export * from './projector/projection.js';
export * from './recorded-event.js';
export * from './store/errors.js';
export * from './store/event-registry.js';
export * from './store/event-store.js';
