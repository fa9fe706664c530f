import { partialDate, text, uuid, type CommandsOf } from '#shared-kernel';
import { z } from 'zod';
import { contributionChanges } from './events.js';
import { contributionFields, segmentFields } from './fields.js';

const reason = text(4000);

/** The data of every command on a contribution, by the command's name. Ids of new segments are given to `decide` beside it. */
export const contributionCommandSchemas = {
  record: contributionFields.extend({ segments: z.array(segmentFields).max(1000).default([]) }),
  amend: contributionChanges.extend({ reason: reason.optional() }),
  withdraw: z.strictObject({ reason }),
  reinstate: z.strictObject({ reason }),
  'add-segment': segmentFields,
  /** Replaces the whole segment. */
  'correct-segment': segmentFields.extend({ segmentId: uuid, reason }),
  'end-segment': z.strictObject({ segmentId: uuid, to: partialDate, reason: reason.optional() }),
  'withdraw-segment': z.strictObject({ segmentId: uuid, reason }),
} as const;

export type ContributionCommandType = keyof typeof contributionCommandSchemas;
export type ContributionCommandData<Type extends ContributionCommandType> = z.output<
  (typeof contributionCommandSchemas)[Type]
>;
export type ContributionCommand = CommandsOf<typeof contributionCommandSchemas>;
