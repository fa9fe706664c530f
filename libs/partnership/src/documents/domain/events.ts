import { partialDate, text, uuid, type EventDefinition, type EventsOf } from '#shared-kernel';
import { z } from 'zod';
import { cycleFields, cyclePeriod, documentFields, milestoneFields } from './fields.js';

const reason = text(4000);
const milestone = milestoneFields.extend({ milestoneId: uuid });

/** Absent = unchanged, null = taken back to "not recorded". The reference stays: the document's id comes from it. */
export const documentChanges = z.strictObject({
  type: documentFields.shape.type.optional(),
  title: documentFields.shape.title.optional(),
  summary: documentFields.shape.summary.nullable(),
  sources: documentFields.shape.sources.unwrap().optional(),
});

/** The stored contract of every event of a document; events.snapshot.spec.ts holds the JSON of each. */
export const documentEventDefinitions = {
  DocumentRecorded: { version: 1, schema: documentFields },
  DocumentAmended: { version: 1, schema: z.strictObject({ changes: documentChanges }) },
  DocumentWithdrawn: { version: 1, schema: z.strictObject({ reason }) },
  /** Back to what its milestones say. */
  DocumentReinstated: { version: 1, schema: z.strictObject({ reason }) },
  MilestoneReached: { version: 1, schema: milestone },
  /** Carries the whole milestone as it is now. */
  MilestoneCorrected: { version: 1, schema: milestone.extend({ reason }) },
  MilestoneWithdrawn: { version: 1, schema: z.strictObject({ milestoneId: uuid, reason }) },
  CycleOpened: { version: 1, schema: cycleFields.extend({ cycleId: uuid }) },
  CycleActivated: { version: 1, schema: z.strictObject({ cycleId: uuid }) },
  CycleCompleted: { version: 1, schema: z.strictObject({ cycleId: uuid }) },
  CycleExtended: { version: 1, schema: z.strictObject({ cycleId: uuid, to: partialDate, reason }) },
  /** Carries the whole cycle as it is now, but for its status. */
  CycleCorrected: { version: 1, schema: cyclePeriod.extend({ cycleId: uuid, reason }) },
  CycleWithdrawn: { version: 1, schema: z.strictObject({ cycleId: uuid, reason }) },
} as const satisfies Record<string, EventDefinition<z.ZodType>>;

export type DocumentEvent = EventsOf<typeof documentEventDefinitions>;

export const DOCUMENT_STREAM_PREFIX = 'document-';
export const documentStream = (id: string): string => `${DOCUMENT_STREAM_PREFIX}${id}`;
