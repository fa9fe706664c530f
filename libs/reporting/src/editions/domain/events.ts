import { text, type EventDefinition, type EventsOf } from '#shared-kernel';
import { z } from 'zod';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** By name: which there are depends on the format. */
const totals = z.record(z.string(), z.int().min(0));

/** What an edition is rendered from for ever, and what proves that it is the one that was published. */
const frozen = z.strictObject({
  /** The state it shows: everything up to a commit position, looked at from a time. */
  asOf: z.strictObject({ position: z.string().regex(/^-?\d{1,19}$/), time: z.iso.datetime() }),
  /** Configuration may change, an edition not. */
  annualTarget: z.int().min(0),
  /** Which shape its report has; see queries/report-formats.ts. */
  format: z.int().min(1),
  /** Of the report's canonical JSON (RFC 8785). */
  sha256,
  /** Merkle root over the heads of all streams at the position, and how many they are. */
  seal: z.strictObject({ root: z.string().min(1).max(200), streams: z.int().min(0) }),
  totals: z.strictObject({ activities: totals, participation: totals }),
});
export type Frozen = z.output<typeof frozen>;

const edition = frozen.extend({ edition: z.int().min(1), note: text(4000).optional() });

/** The stored contract of every event of an annual report; events.snapshot.spec.ts holds the JSON of each. */
export const annualReportEventDefinitions = {
  AnnualReportPublished: { version: 1, schema: edition },
  AnnualReportAmended: { version: 1, schema: edition.extend({ reason: text(4000) }) },
} as const satisfies Record<string, EventDefinition<z.ZodType>>;

export type AnnualReportEvent = EventsOf<typeof annualReportEventDefinitions>;

export const ANNUAL_REPORT_STREAM_PREFIX = 'annual_report-';
