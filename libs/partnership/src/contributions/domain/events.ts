import { partialDate, text, uuid, type EventDefinition, type EventsOf } from '#shared-kernel';
import { z } from 'zod';
import { contributionFields, segmentFields } from './fields.js';

const reason = text(4000);
const segment = segmentFields.extend({ segmentId: uuid });

/** Absent = unchanged, null = taken back to "not recorded". What the contribution's id comes from stays. */
export const contributionChanges = z.strictObject({
  title: contributionFields.shape.title.nullable(),
  sources: contributionFields.shape.sources.unwrap().optional(),
});

/** The stored contract of every event of a contribution; events.snapshot.spec.ts holds the JSON of each. */
export const contributionEventDefinitions = {
  ContributionRecorded: { version: 1, schema: contributionFields },
  ContributionAmended: { version: 1, schema: z.strictObject({ changes: contributionChanges }) },
  ContributionWithdrawn: { version: 1, schema: z.strictObject({ reason }) },
  ContributionReinstated: { version: 1, schema: z.strictObject({ reason }) },
  SegmentAdded: { version: 1, schema: segment },
  /** Carries the whole segment as it is now. */
  SegmentCorrected: { version: 1, schema: segment.extend({ reason }) },
  SegmentEnded: {
    version: 1,
    schema: z.strictObject({ segmentId: uuid, to: partialDate, reason: reason.optional() }),
  },
  SegmentWithdrawn: { version: 1, schema: z.strictObject({ segmentId: uuid, reason }) },
} as const satisfies Record<string, EventDefinition<z.ZodType>>;

export type ContributionEvent = EventsOf<typeof contributionEventDefinitions>;

export const CONTRIBUTION_STREAM_PREFIX = 'contribution-';
export const contributionStream = (id: string): string => `${CONTRIBUTION_STREAM_PREFIX}${id}`;
