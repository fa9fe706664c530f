import { text, uuid, type EventDefinition, type EventsOf } from '#shared-kernel';
import { z } from 'zod';
import { assessmentFields, goalFields } from './fields.js';

const reason = text(4000);
const assessment = assessmentFields.extend({ assessmentId: uuid });

/** Absent = unchanged, null = taken back to "not recorded". Code and document stay: the goal's id comes from them. */
export const goalChanges = z.strictObject({
  title: goalFields.shape.title.optional(),
  branch: goalFields.shape.branch.optional(),
  cycleId: goalFields.shape.cycleId.nullable(),
  proposedOn: goalFields.shape.proposedOn.nullable(),
  sources: goalFields.shape.sources.unwrap().optional(),
});

/** The stored contract of every event of a goal; events.snapshot.spec.ts holds the JSON of each. */
export const goalEventDefinitions = {
  GoalProposed: { version: 1, schema: goalFields },
  GoalAmended: { version: 1, schema: z.strictObject({ changes: goalChanges }) },
  GoalAssessed: { version: 1, schema: assessment },
  /** Carries the whole assessment as it is now. */
  AssessmentCorrected: { version: 1, schema: assessment.extend({ reason }) },
  AssessmentWithdrawn: { version: 1, schema: z.strictObject({ assessmentId: uuid, reason }) },
} as const satisfies Record<string, EventDefinition<z.ZodType>>;

export type GoalEvent = EventsOf<typeof goalEventDefinitions>;

export const GOAL_STREAM_PREFIX = 'goal-';
export const goalStream = (id: string): string => `${GOAL_STREAM_PREFIX}${id}`;
