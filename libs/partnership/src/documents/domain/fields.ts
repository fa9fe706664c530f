import { line, partialDate, sourceSchema, text } from '#shared-kernel';
import { z } from 'zod';

export const documentTypes = [
  'membership',
  'framework-document',
  'presentation-document',
  'individual-partnership-programme',
  'agreement',
  'parp',
  'ipap',
  'itpp',
  'occ',
  'deep',
  'mission',
  'parliament-decision',
  'project',
  'statistics',
  'other',
] as const;
/** In the order in which a document comes by them. */
export const milestoneKinds = [
  'drafted',
  'presented',
  'agreed',
  'in-force',
  'superseded',
  'expired',
] as const;
export type MilestoneKind = (typeof milestoneKinds)[number];
export const cycleStatuses = ['planned', 'active', 'completed'] as const;
export type CycleStatus = (typeof cycleStatuses)[number];

const sources = z.array(sourceSchema).max(50).default([]);

/** What describes a partnership document. Unknown is kept as absent. */
export const documentFields = z.strictObject({
  type: z.enum(documentTypes),
  title: line(500),
  reference: line(100).optional(),
  summary: text(20_000).optional(),
  sources,
});
export type DocumentFields = z.output<typeof documentFields>;

/** A milestone is reached whether or not it is recorded when. */
export const milestoneFields = z.strictObject({
  milestone: z.enum(milestoneKinds),
  on: partialDate.optional(),
  note: text(4000).optional(),
  sources,
});
export type MilestoneFields = z.output<typeof milestoneFields>;

/** A period in which the document is worked by. `agreedOn` may lie before it. */
export const cyclePeriod = z.strictObject({
  title: line(300).optional(),
  from: partialDate,
  to: partialDate,
  agreedOn: partialDate.optional(),
  note: text(4000).optional(),
  sources,
});
export type CyclePeriod = z.output<typeof cyclePeriod>;
export const cycleFields = cyclePeriod.extend({ status: z.enum(cycleStatuses).default('planned') });
export type CycleFields = z.output<typeof cycleFields>;
