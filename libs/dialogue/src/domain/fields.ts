import { line, partialDate, placeSchema, sourceSchema, text, uuid } from '#shared-kernel';
import { z } from 'zod';

export const formats = [
  'nac-plus-one',
  'eapc',
  'pfp-committee',
  'committee-plus-one',
  'summit',
  'contributors-meeting',
  'visit-to-partner',
  'visit-to-nato',
  'bilateral-talks',
  'staff-talks',
  'expert-consultation',
  'third-party-meeting',
  'seminar',
  'conference',
  'other',
] as const;
export const levels = [
  'head-of-state',
  'secretary-general',
  'minister',
  'deputy-minister',
  'deputy-secretary-general',
  'assistant-secretary-general',
  'special-representative',
  'ambassador',
  'senior-official',
  'military',
  'expert',
] as const;

/** A topic named twice was spoken of once: reports count sessions by topic. */
const topics = z
  .array(line(200))
  .max(50)
  .transform((named) => [...new Set(named)]);

/**
 * What describes a session, scheduled or logged. What is not known yet is absent. People are named by their role alone:
 * `ownDelegationHead` is an office such as Deputy Minister of Foreign Affairs, `counterpart` a body or an office.
 */
export const dialogueFields = z.strictObject({
  title: line(500),
  format: z.enum(formats),
  level: z.enum(levels).optional(),
  counterpart: line(300).optional(),
  place: placeSchema.optional(),
  date: partialDate,
  endDate: partialDate.optional(),
  topics: topics.default([]),
  ownDelegationHead: line(200).optional(),
  summary: text(20_000).optional(),
  cycleId: uuid.optional(),
  sources: z.array(sourceSchema).max(50).default([]),
});
export type DialogueFields = z.output<typeof dialogueFields>;

export const minutesFields = z.strictObject({
  summary: text(20_000),
  decisions: z.array(text(4000)).max(100).default([]),
});
export type Minutes = z.output<typeof minutesFields>;

/** What was agreed to be done. `owner` is the institution or the role that owes it, `activityId` what came of it. */
export const followUpFields = z.strictObject({
  text: text(4000),
  owner: line(300),
  dueOn: partialDate.optional(),
  activityId: uuid.optional(),
});
export type FollowUpFields = z.output<typeof followUpFields>;
