import { partialDate, text, uuid, type CommandsOf } from '#shared-kernel';
import { z } from 'zod';
import { dialogueChanges, followUpChanges } from './events.js';
import { dialogueFields, followUpFields, minutesFields } from './fields.js';

const reason = text(4000);
const heldDates = z.strictObject({ date: partialDate.optional(), endDate: partialDate.optional() });

/**
 * The data of every command on a dialogue session, by the command's name. The same schema checks an HTTP body, a row of an
 * import and the command itself. The id of a follow-up is given to `decide` beside it.
 */
export const dialogueCommandSchemas = {
  schedule: dialogueFields,
  log: dialogueFields.extend({
    /** Absent: held on the dates given for the session. */
    held: heldDates.optional(),
    minutes: minutesFields.optional(),
    followUps: z.array(followUpFields).max(100).default([]),
  }),
  /** `date` and `endDate` are the scheduled dates, `held` those it really took place on; what is absent stays. */
  amend: dialogueChanges.extend({
    held: z.strictObject({ date: partialDate.optional(), endDate: partialDate.nullish() }).optional(),
    reason: reason.optional(),
  }),
  /** Absent dates: held as scheduled. */
  hold: heldDates,
  cancel: z.strictObject({ reason }),
  /** Minutes that replace others say why. */
  minutes: minutesFields.extend({ reason: reason.optional() }),
  withdraw: z.strictObject({ reason }),
  reinstate: z.strictObject({ reason }),
  'agree-follow-up': followUpFields,
  'amend-follow-up': followUpChanges.extend({ followUpId: uuid, reason: reason.optional() }),
  'complete-follow-up': z.strictObject({
    followUpId: uuid,
    on: partialDate.optional(),
    activityId: uuid.optional(),
    note: text(4000).optional(),
  }),
  'drop-follow-up': z.strictObject({ followUpId: uuid, reason }),
} as const;

export type DialogueCommandType = keyof typeof dialogueCommandSchemas;
export type DialogueCommandData<Type extends DialogueCommandType> = z.output<
  (typeof dialogueCommandSchemas)[Type]
>;

export type DialogueCommand = CommandsOf<typeof dialogueCommandSchemas>;
