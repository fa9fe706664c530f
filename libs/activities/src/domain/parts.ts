import type { Cost, CostFields } from './fields.js';
import type { ActivityPolicy } from './policy.js';

/** The office's own people, where no country is said. */
export function withCountry<Part extends { country?: string }>(
  part: Part,
  { partnerCountry }: ActivityPolicy,
): Part & { country: string } {
  return { ...part, country: part.country ?? partnerCountry };
}

/** Without an amount the cost is still to be determined, unless it is said otherwise. */
export function settledCost<Part extends CostFields>(cost: Part): Part & Cost {
  return { ...cost, status: cost.status ?? (cost.amountMinor === undefined ? 'to-be-determined' : 'known') };
}
