import type { View } from '#aggregates';
import type { GoalEvent } from '../domain/events.js';
import type { GoalFields } from '../domain/fields.js';
import { evolve, goalStatus, inOrder, type Assessment, type Goal, type GoalStatus } from '../domain/goal.js';

/** All that is recorded of a goal, its assessments with the latest last. */
export interface GoalView extends GoalFields {
  readonly status: GoalStatus;
  readonly assessments: readonly Assessment[];
}

export const goalView: View<GoalEvent, Goal, GoalView> = {
  evolve,
  show: ({ described, assessments }) => ({ status: goalStatus(assessments), ...described, assessments }),
  arrange: ({ assessments, ...goal }) => ({ ...goal, assessments: inOrder(assessments) }),
};
