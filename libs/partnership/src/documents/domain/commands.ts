import { partialDate, text, uuid, type CommandsOf } from '#shared-kernel';
import { z } from 'zod';
import { documentChanges } from './events.js';
import { cycleFields, cyclePeriod, documentFields, milestoneFields } from './fields.js';

const reason = text(4000);

/** The data of every command on a document, by the command's name. Ids of new parts are given to `decide` beside it. */
export const documentCommandSchemas = {
  record: documentFields.extend({
    milestones: z.array(milestoneFields).max(20).default([]),
    cycles: z.array(cycleFields).max(200).default([]),
  }),
  amend: documentChanges.extend({ reason: reason.optional() }),
  withdraw: z.strictObject({ reason }),
  reinstate: z.strictObject({ reason }),
  'reach-milestone': milestoneFields,
  /** Replaces the whole milestone. */
  'correct-milestone': milestoneFields.extend({ milestoneId: uuid, reason }),
  'withdraw-milestone': z.strictObject({ milestoneId: uuid, reason }),
  'open-cycle': cycleFields,
  'activate-cycle': z.strictObject({ cycleId: uuid }),
  'complete-cycle': z.strictObject({ cycleId: uuid }),
  'extend-cycle': z.strictObject({ cycleId: uuid, to: partialDate, reason }),
  /** Replaces the whole cycle, but for its status. */
  'correct-cycle': cyclePeriod.extend({ cycleId: uuid, reason }),
  'withdraw-cycle': z.strictObject({ cycleId: uuid, reason }),
} as const;

export type DocumentCommandType = keyof typeof documentCommandSchemas;
export type DocumentCommandData<Type extends DocumentCommandType> = z.output<
  (typeof documentCommandSchemas)[Type]
>;
export type DocumentCommand = CommandsOf<typeof documentCommandSchemas>;
