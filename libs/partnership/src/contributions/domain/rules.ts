import { currency, type RefusalError } from '#shared-kernel';
import { periodRule } from '../../domain/dates.js';
import { overlapRule, spanBetween, type Span } from '../../domain/span.js';
import type { Segment } from './contribution.js';
import { PERSONS, type ContributionFields, type ContributionKind, type SegmentFields } from './fields.js';

type Faults = readonly RefusalError[];

/** The days a segment stands for. Without an end persons stay on; a payment or pledge is all in its `from`. */
export function spanOf({ from, to }: Pick<SegmentFields, 'from' | 'to'>, kind: ContributionKind): Span {
  return spanBetween(from, kind === 'funding' ? (to ?? from) : to);
}

/** Funding counts in a currency, people in persons; only funding is pledged or paid. */
export function unitRule({ kind, unit, basis }: ContributionFields): Faults {
  const faults: RefusalError[] = [];
  if (kind === 'funding' && !currency.safeParse(unit).success) {
    const message = `${unit} is not an ISO 4217 currency code, in which funding is counted`;
    faults.push({ code: 'UnitNotCurrency', message, pointer: '/unit' });
  }
  if (kind !== 'funding' && unit !== PERSONS) {
    const message = `${kind} are counted in ${PERSONS}, not in ${unit}`;
    faults.push({ code: 'UnitNotPersons', message, pointer: '/unit' });
  }
  if (kind !== 'funding' && basis !== undefined) {
    const message = `only funding is ${basis}, not ${kind}`;
    faults.push({ code: 'BasisNotOfFunding', message, pointer: '/basis' });
  }
  return faults;
}

/** Start not after end, and no day of another segment of the contribution. */
export function segmentRule(
  segment: Pick<SegmentFields, 'from' | 'to'>,
  others: readonly Segment[],
  kind: ContributionKind,
  at = '',
): Faults {
  const order = periodRule(segment, at);
  if (order.length > 0) return order;
  const spanning = others.map((other) => ({
    name: `the segment ${other.segmentId}`,
    span: spanOf(other, kind),
  }));
  return overlapRule(spanOf(segment, kind), spanning, 'SegmentOverlaps', `${at}/from`);
}
