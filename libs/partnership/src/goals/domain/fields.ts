import { line, partialDate, sourceSchema, text, uuid } from '#shared-kernel';
import { z } from 'zod';

export const branches = ['general', 'land', 'navy', 'air', 'civil'] as const;
export const assessmentStatuses = [
  'accepted',
  'in-progress',
  'implemented',
  'partially-implemented',
  'transferred',
  'withdrawn',
] as const;
export type AssessmentStatus = (typeof assessmentStatuses)[number];

/** What describes a partnership goal. Its code is the document's own, such as `G 2713`. Unknown is kept as absent. */
export const goalFields = z.strictObject({
  code: line(50),
  title: line(500),
  branch: z.enum(branches),
  documentId: uuid.optional(),
  cycleId: uuid.optional(),
  proposedOn: partialDate.optional(),
  sources: z.array(sourceSchema).max(50).default([]),
});
export type GoalFields = z.output<typeof goalFields>;

/** How far a goal had come at some time. */
export const assessmentFields = z.strictObject({
  on: partialDate,
  status: z.enum(assessmentStatuses),
  note: text(4000).optional(),
});
export type AssessmentFields = z.output<typeof assessmentFields>;
