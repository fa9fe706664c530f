import { line, partialDate, sourceSchema, text } from '#shared-kernel';
import { z } from 'zod';

export const contributionKinds = ['personnel', 'staff-officers', 'funding'] as const;
export type ContributionKind = (typeof contributionKinds)[number];
export const fundingBases = ['pledged', 'paid'] as const;
export const PERSONS = 'persons';
/** So that sums of thousands of them stay exact. */
const MOST = 1_000_000_000_000;

const sources = z.array(sourceSchema).max(50).default([]);

/** What a contribution to an operation is, and what its values count. */
export const contributionFields = z.strictObject({
  operation: line(200),
  kind: z.enum(contributionKinds),
  unit: line(50).meta({
    description: `\`${PERSONS}\`, or of funding the ISO 4217 code of its currency`,
    examples: [PERSONS, 'EUR'],
  }),
  basis: z.enum(fundingBases).optional().meta({ description: 'Of funding' }),
  title: line(300).optional(),
  sources,
});
export type ContributionFields = z.output<typeof contributionFields>;

/** How much from when to when. Persons, or money in whole units; without a value it is not recorded how much. */
export const segmentFields = z.strictObject({
  from: partialDate,
  to: partialDate.optional().meta({ description: 'Absent: it goes on; of funding: all in `from`' }),
  value: z.int().min(0).max(MOST).optional(),
  note: text(4000).optional(),
  sources,
});
export type SegmentFields = z.output<typeof segmentFields>;
