import { partialDate, text, uuid, type CommandsOf } from '#shared-kernel';
import { z } from 'zod';
import { activityChanges } from './events.js';
import {
  activityFields,
  cancelReasonCodes,
  costFields,
  nominationFields,
  participationFields,
} from './fields.js';

const reason = text(4000);
const heldDates = z.strictObject({ startsOn: partialDate.optional(), endsOn: partialDate.optional() });

/**
 * The data of every command on an activity, by the command's name. The same schema checks an HTTP body, a row of an
 * import and the command itself. Ids of parts (nominationId, participationId, costId) are given to `decide` beside it.
 */
export const activityCommandSchemas = {
  plan: activityFields,
  log: activityFields.extend({
    /** Absent: held on the dates given for the activity. */
    held: heldDates.optional(),
    participations: z.array(participationFields).max(1000).default([]),
    costs: z.array(costFields).max(1000).default([]),
  }),
  approve: z.strictObject({}),
  reject: z.strictObject({ reason }),
  /** `startsOn` and `endsOn` are the planned dates, `held` those it really took place on; what is absent stays. */
  amend: activityChanges.extend({
    held: z.strictObject({ startsOn: partialDate.optional(), endsOn: partialDate.nullish() }).optional(),
    reason: reason.optional(),
  }),
  reschedule: z.strictObject({ startsOn: partialDate, endsOn: partialDate.optional(), reason }),
  postpone: z.strictObject({ reason }),
  cancel: z.strictObject({ reasonCode: z.enum(cancelReasonCodes), note: text(4000).optional() }),
  reinstate: z.strictObject({ reason }),
  nominate: nominationFields,
  'withdraw-nomination': z.strictObject({ nominationId: uuid, reason: reason.optional() }),
  /** Absent dates: held as planned. */
  hold: heldDates,
  'record-participation': participationFields,
  /** Replaces the whole participation. */
  'correct-participation': participationFields.extend({ participationId: uuid, reason }),
  'withdraw-participation': z.strictObject({ participationId: uuid, reason }),
  'record-cost': costFields,
  /** Replaces the whole cost. */
  'correct-cost': costFields.extend({ costId: uuid, reason }),
  'withdraw-cost': z.strictObject({ costId: uuid, reason }),
  'not-attended': z.strictObject({ reason }),
  'after-activity-report': z.strictObject({
    summary: text(20_000),
    lessons: z.array(text(4000)).max(100).default([]),
    recommendations: z.array(text(4000)).max(100).default([]),
  }),
  'mark-duplicate': z.strictObject({ of: uuid, reason }),
} as const;

export type ActivityCommandType = keyof typeof activityCommandSchemas;
export type ActivityCommandData<Type extends ActivityCommandType> = z.output<
  (typeof activityCommandSchemas)[Type]
>;

export type ActivityCommand = CommandsOf<typeof activityCommandSchemas>;
