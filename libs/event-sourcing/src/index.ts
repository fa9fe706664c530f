export * from './commands/command-request.js';
export * from './projector/projection.js';
export * from './recorded-event.js';
