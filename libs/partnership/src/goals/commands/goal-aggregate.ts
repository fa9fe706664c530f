import { namedId, type Aggregate } from '#event-sourcing';
import type { Goal } from '../domain/goal.js';
import type { GoalCommand } from '../domain/commands.js';
import { goalDecider } from '../domain/decide.js';
import type { GoalEvent } from '../domain/events.js';

const NAMES = 'a3a2c1d8-1a53-5e0f-9d0c-5b8c64f2d102';

/** A code names one goal of a document, however it is spaced or capitalised. */
export const goalAggregate: Aggregate<Goal | undefined, GoalCommand, GoalEvent> = {
  name: 'goal',
  decider: goalDecider,
  idFrom: (data) => ('code' in data ? namedId(NAMES, data.documentId ?? '', data.code) : undefined),
};
