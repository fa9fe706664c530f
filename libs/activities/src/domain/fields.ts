import {
  count,
  country,
  currency,
  line,
  partialDate,
  placeSchema,
  sourceSchema,
  text,
  uuid,
} from '#shared-kernel';
import { z } from 'zod';

export const kinds = [
  'course',
  'exercise',
  'conference',
  'seminar',
  'workshop',
  'study-visit',
  'evaluation',
  'expert-team',
] as const;
export const programmes = [
  'ipcp',
  'ipap',
  'itpp',
  'parp',
  'occ',
  'deep',
  'eadrcc',
  'bilateral',
  'national',
  'other',
] as const;
export const areas = [
  'defence-and-security-sector-reform',
  'forces-to-nato-standards',
  'nato-led-operations',
  'civil-emergency-planning',
  'emerging-security-challenges',
  'science',
  'environment',
  'public-diplomacy',
] as const;
export const organiserKinds = ['nato', 'ally', 'partner', 'national'] as const;
export const deliveries = ['in-person', 'online', 'hybrid'] as const;
export const roles = ['participant', 'host', 'observer', 'instructor'] as const;
export const cancelReasonCodes = [
  'host',
  'own-side',
  'security',
  'funding',
  'weather',
  'merged',
  'other',
] as const;

/**
 * What describes an activity, planned or logged. Required is what staff always know; everything else may still be
 * unknown when it is entered, and unknown is kept as absent, never as zero or a guess.
 */
export const activityFields = z.strictObject({
  title: line(500),
  kind: z.enum(kinds),
  programme: z.enum(programmes),
  area: z.enum(areas).optional(),
  organiser: z
    .strictObject({ name: line(300), kind: z.enum(organiserKinds), country: country.optional() })
    .optional(),
  delivery: z.enum(deliveries).optional(),
  place: placeSchema.optional(),
  role: z.enum(roles),
  startsOn: partialDate,
  endsOn: partialDate.optional(),
  subtype: line(100).optional(),
  reference: line(100).optional(),
  cycleId: uuid.optional(),
  goalIds: z.array(uuid).max(100).default([]),
  quota: count.optional(),
  summary: text(20_000).optional(),
  sources: z.array(sourceSchema).max(50).default([]),
});
export type ActivityFields = z.output<typeof activityFields>;

/** Numbers of one delegation. `total` counts attendances; the parts may be unknown and may not exceed it. */
export const participationFields = z.strictObject({
  country: country.optional(),
  institution: line(300).optional(),
  role: z.enum(roles).optional(),
  total: count,
  military: count.optional(),
  civilian: count.optional(),
  female: count.optional(),
  male: count.optional(),
});
export type ParticipationFields = z.output<typeof participationFields>;
/** As recorded: the office's own country fills in for one not given. */
export type Participation = ParticipationFields & { country: string };

/** Amounts are integer minor units (cents). Without an amount the cost is still to be determined. */
export const costFields = z.strictObject({
  payer: line(200),
  category: line(200).optional(),
  // Sums of thousands of these stay exact.
  amountMinor: z.int().min(0).max(1_000_000_000_000).optional(),
  currency: currency.optional(),
  status: z.enum(['known', 'to-be-determined']).optional(),
});
export type CostFields = z.output<typeof costFields>;
/** As recorded: the status is settled; a known cost has an amount and a currency. */
export type Cost = CostFields & { status: 'known' | 'to-be-determined' };

export const nominationFields = z.strictObject({
  institution: line(300),
  country: country.optional(),
  role: z.enum(roles).optional(),
  count: count.min(1),
});
export type Nomination = z.output<typeof nominationFields> & { country: string };
