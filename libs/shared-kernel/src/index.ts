export * from './changes.js';
export * from './clock.js';
export * from './date-rules.js';
export * from './decider.js';
export * from './decision.js';
export * from './partial-date.js';
export * from './refusal.js';
export * from './values.js';
