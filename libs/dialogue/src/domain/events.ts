import { partialDate, text, uuid, type EventDefinition, type EventsOf } from '#shared-kernel';
import { z } from 'zod';
import { dialogueFields, followUpFields, minutesFields } from './fields.js';

const reason = text(4000);
const followUpId = uuid;

/** Absent = unchanged, null = taken back to "not recorded". */
export const dialogueChanges = z.strictObject({
  title: dialogueFields.shape.title.optional(),
  format: dialogueFields.shape.format.optional(),
  level: dialogueFields.shape.level.nullable(),
  counterpart: dialogueFields.shape.counterpart.nullable(),
  place: dialogueFields.shape.place.nullable(),
  date: partialDate.optional(),
  endDate: partialDate.nullish(),
  topics: dialogueFields.shape.topics.unwrap().optional(),
  ownDelegationHead: dialogueFields.shape.ownDelegationHead.nullable(),
  summary: dialogueFields.shape.summary.nullable(),
  cycleId: dialogueFields.shape.cycleId.nullable(),
  sources: dialogueFields.shape.sources.unwrap().optional(),
});
export type DialogueChanges = z.output<typeof dialogueChanges>;

/** As `dialogueChanges`. */
export const followUpChanges = z.strictObject({
  text: followUpFields.shape.text.optional(),
  owner: followUpFields.shape.owner.optional(),
  dueOn: followUpFields.shape.dueOn.nullable(),
  activityId: followUpFields.shape.activityId.nullable(),
});

const held = z.strictObject({ date: partialDate, endDate: partialDate.optional() });

/**
 * The stored contract of every event of a dialogue session. A breaking change raises `version` and adds an upcaster from
 * the version before; events.snapshot.spec.ts holds the JSON of each.
 */
export const dialogueEventDefinitions = {
  DialogueSessionScheduled: { version: 1, schema: dialogueFields },
  DialogueSessionLogged: { version: 1, schema: dialogueFields.extend({ held }) },
  DialogueSessionAmended: {
    version: 1,
    /** `held`: the dates it really took place on, as they are now. */
    schema: z.strictObject({ changes: dialogueChanges.extend({ held: held.optional() }) }),
  },
  DialogueSessionHeld: { version: 1, schema: held },
  DialogueSessionCancelled: { version: 1, schema: z.strictObject({ reason }) },
  DialogueSessionWithdrawn: { version: 1, schema: z.strictObject({ reason }) },
  /** Back to what it was before it was withdrawn. */
  DialogueSessionReinstated: { version: 1, schema: z.strictObject({ reason }) },
  /** Replaces the minutes before, if there are any: then it says why. */
  MinutesRecorded: { version: 1, schema: minutesFields.extend({ reason: reason.optional() }) },
  FollowUpAgreed: { version: 1, schema: followUpFields.extend({ followUpId }) },
  FollowUpAmended: { version: 1, schema: z.strictObject({ followUpId, changes: followUpChanges }) },
  FollowUpCompleted: {
    version: 1,
    /** `activityId`: the activity that it was done by, in place of the one named before. */
    schema: z.strictObject({
      followUpId,
      on: partialDate.optional(),
      activityId: uuid.optional(),
      note: text(4000).optional(),
    }),
  },
  FollowUpDropped: { version: 1, schema: z.strictObject({ followUpId, reason }) },
} as const satisfies Record<string, EventDefinition<z.ZodType>>;

export type DialogueEventType = keyof typeof dialogueEventDefinitions;
export type DialogueEvent = EventsOf<typeof dialogueEventDefinitions>;

export const DIALOGUE_STREAM_PREFIX = 'dialogue-';
export const dialogueStream = (id: string): string => `${DIALOGUE_STREAM_PREFIX}${id}`;
