import { country, partialDate, text, uuid, type EventDefinition, type EventsOf } from '#shared-kernel';
import { z } from 'zod';
import {
  activityFields,
  cancelReasonCodes,
  costFields,
  nominationFields,
  participationFields,
} from './fields.js';

const reason = text(4000);
const dates = { startsOn: partialDate, endsOn: partialDate.optional() };
const participation = participationFields.extend({ participationId: uuid, country });
const cost = costFields.extend({ costId: uuid, status: z.enum(['known', 'to-be-determined']) });

/** Absent = unchanged, null = taken back to "not recorded". */
export const activityChanges = z.strictObject({
  title: activityFields.shape.title.optional(),
  kind: activityFields.shape.kind.optional(),
  programme: activityFields.shape.programme.optional(),
  area: activityFields.shape.area.nullable(),
  organiser: activityFields.shape.organiser.nullable(),
  delivery: activityFields.shape.delivery.nullable(),
  place: activityFields.shape.place.nullable(),
  role: activityFields.shape.role.optional(),
  startsOn: partialDate.optional(),
  endsOn: partialDate.nullish(),
  subtype: activityFields.shape.subtype.nullable(),
  cycleId: activityFields.shape.cycleId.nullable(),
  goalIds: activityFields.shape.goalIds.unwrap().optional(),
  quota: activityFields.shape.quota.nullable(),
  summary: activityFields.shape.summary.nullable(),
  sources: activityFields.shape.sources.unwrap().optional(),
});
export type ActivityChanges = z.output<typeof activityChanges>;

const held = z.strictObject(dates);

/**
 * The stored contract of every activity event. A breaking change raises `version` and adds an upcaster from the
 * version before; events.snapshot.spec.ts holds the JSON of each.
 */
export const activityEventDefinitions = {
  ActivityPlanned: { version: 1, schema: activityFields },
  ActivityLogged: { version: 1, schema: activityFields.extend({ held }) },
  ActivityApproved: { version: 1, schema: z.strictObject({}) },
  ActivityRejected: { version: 1, schema: z.strictObject({ reason }) },
  ActivityAmended: {
    version: 1,
    /** `held`: the dates it really took place on, as they are now. */
    schema: z.strictObject({ changes: activityChanges.extend({ held: held.optional() }) }),
  },
  ActivityRescheduled: { version: 1, schema: z.strictObject({ ...dates, reason }) },
  ActivityPostponed: { version: 1, schema: z.strictObject({ reason }) },
  ActivityCancelled: {
    version: 2,
    schema: z.strictObject({ reasonCode: z.enum(cancelReasonCodes), note: text(4000).optional() }),
    // Version 1 held free text; a code cannot be read out of it, the words are kept.
    upcasters: { 1: (data: { reason: string }) => ({ reasonCode: 'other', note: data.reason }) },
  },
  ActivityReinstated: { version: 1, schema: z.strictObject({ reason }) },
  ParticipantsNominated: { version: 1, schema: nominationFields.extend({ nominationId: uuid, country }) },
  NominationWithdrawn: {
    version: 1,
    schema: z.strictObject({ nominationId: uuid, reason: reason.optional() }),
  },
  ActivityHeld: { version: 1, schema: held },
  ParticipationRecorded: { version: 1, schema: participation },
  /** Carries the whole participation as it is now. */
  ParticipationCorrected: { version: 1, schema: participation.extend({ reason }) },
  ParticipationWithdrawn: { version: 1, schema: z.strictObject({ participationId: uuid, reason }) },
  CostRecorded: { version: 1, schema: cost },
  /** Carries the whole cost as it is now. */
  CostCorrected: { version: 1, schema: cost.extend({ reason }) },
  CostWithdrawn: { version: 1, schema: z.strictObject({ costId: uuid, reason }) },
  ActivityNotAttended: { version: 1, schema: z.strictObject({ reason }) },
  AfterActivityReportSubmitted: {
    version: 1,
    schema: z.strictObject({
      summary: text(20_000),
      lessons: z.array(text(4000)).max(100).default([]),
      recommendations: z.array(text(4000)).max(100).default([]),
    }),
  },
  ActivityMarkedDuplicate: { version: 1, schema: z.strictObject({ of: uuid, reason }) },
} as const satisfies Record<string, EventDefinition<z.ZodType>>;

export type ActivityEventType = keyof typeof activityEventDefinitions;
export type ActivityEvent = EventsOf<typeof activityEventDefinitions>;

export const ACTIVITY_STREAM_PREFIX = 'activity-';
export const activityStream = (id: string): string => `${ACTIVITY_STREAM_PREFIX}${id}`;
