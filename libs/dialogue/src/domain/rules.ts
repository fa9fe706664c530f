import { dateRules, type RefusalError, type Span } from '#shared-kernel';

export type Dates = Span<'date', 'endDate'>;
export const { datesRule, heldRule, heldDates, correctHeld } = dateRules('date', 'endDate');

/** Minutes that take the place of others need a reason. */
export function replacementRule(replaces: boolean, reason: string | undefined): readonly RefusalError[] {
  if (!replaces || reason !== undefined) return [];
  const message = 'there are minutes already; say why these replace them';
  return [{ code: 'ReasonMissing', message, pointer: '/reason' }];
}
