import { recorded, type RecordView } from '#aggregates';
import type { RecordedEvent } from '#event-sourcing';
import type { GoalEvent } from '../domain/events.js';
import type { GoalFields } from '../domain/fields.js';
import { evolve, goalStatus, inOrder, type Assessment, type Goal, type GoalStatus } from '../domain/goal.js';

/** One goal with its assessments, the latest last. What is not recorded is absent. */
export interface GoalView extends GoalFields, RecordView {
  readonly status: GoalStatus;
  readonly assessments: readonly Assessment[];
}

/** Folds a goal's events, of which there is at least one, into what is shown of it. */
export function goalView(id: string, events: readonly RecordedEvent<GoalEvent>[]): GoalView {
  const { described, assessments } = events.reduce<Goal | undefined>(
    (so, event) => evolve(so, event),
    undefined,
  )!;
  const { id: _, ...when } = recorded(id, events);
  return {
    id,
    status: goalStatus(assessments),
    ...described,
    assessments: inOrder(assessments),
    ...when,
  };
}
