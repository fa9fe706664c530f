import { firstDay, isAfter, lastDay, type PartialDate, type RefusalError } from '#shared-kernel';
import { notAheadRule, periodRule } from '../../domain/dates.js';
import { overlapRule, spanBetween, type Span } from '../../domain/span.js';
import type { Cycle, Milestone } from './document.js';
import {
  milestoneKinds,
  type CyclePeriod,
  type CycleStatus,
  type MilestoneFields,
  type MilestoneKind,
} from './fields.js';

type Faults = readonly RefusalError[];

/**
 * A document comes by each milestone once, and by none before an earlier one, as far as their dates are certain to say so.
 * `others`: its milestones beside this one. `now`: RFC 3339 UTC.
 */
export function milestoneRule(
  { milestone, on }: MilestoneFields,
  others: readonly Pick<Milestone, 'milestone' | 'on'>[],
  now: string,
  at = '',
): Faults {
  const twice = others.some((other) => other.milestone === milestone);
  const outOfOrder = others.flatMap((other): Faults => {
    if (other.milestone === milestone || on === undefined || other.on === undefined) return [];
    const [sooner, later] = inOrder({ milestone, on }, { milestone: other.milestone, on: other.on });
    if (!isAfter(sooner.on, later.on)) return [];
    const message = `${later.milestone} on ${later.on} would lie before ${sooner.milestone} on ${sooner.on}`;
    return [{ code: 'MilestonesOutOfOrder', message, pointer: `${at}/on` }];
  });
  return [
    ...(twice ? [reachedTwice(milestone, `${at}/milestone`)] : []),
    ...outOfOrder,
    ...notAheadRule(on, now, 'MilestoneInFuture', `${at}/on`),
  ];
}

function reachedTwice(milestone: MilestoneKind, pointer: string): RefusalError {
  return {
    code: 'MilestoneReachedTwice',
    message: `the milestone ${milestone} is recorded already`,
    pointer,
  };
}

function inOrder<Reached extends Pick<Milestone, 'milestone'>>(one: Reached, other: Reached) {
  const first = milestoneKinds.indexOf(one.milestone) < milestoneKinds.indexOf(other.milestone);
  return first ? ([one, other] as const) : ([other, one] as const);
}

/** The days a cycle stands for. */
export function cycleSpan({ from, to }: Pick<CyclePeriod, 'from' | 'to'>): Span {
  return spanBetween(from, to);
}

/** Start not after end, no day of another cycle of the document, and nothing agreed ahead of time. */
export function cycleRule(
  cycle: Pick<CyclePeriod, 'from' | 'to' | 'agreedOn'>,
  others: readonly Cycle[],
  now: string,
  at = '',
): Faults {
  const order = periodRule(cycle, at);
  return [
    ...order,
    ...(order.length > 0 ? [] : cycleOverlapRule(cycle, others, `${at}/from`)),
    ...notAheadRule(cycle.agreedOn, now, 'AgreedInFuture', `${at}/agreedOn`),
  ];
}

/** The cycle's own rule, and nothing is worked by yet, or done, that lies ahead. */
export function openingRule(cycle: Cycle, others: readonly Cycle[], now: string, at = ''): Faults {
  return [...cycleRule(cycle, others, now, at), ...startedRule(cycle, cycle.status, now, `${at}/status`)];
}

/** A cycle is worked by, and done, from its first day on. `pointer`: where the wanted status is said, if it is. */
export function startedRule(
  { from }: Pick<CyclePeriod, 'from'>,
  wanted: CycleStatus,
  now: string,
  pointer?: string,
): Faults {
  const today = now.slice(0, 10);
  if (wanted === 'planned' || firstDay(from) <= today) return [];
  const message = `a cycle from ${from} is not ${wanted} yet: it begins after today, ${today}`;
  return [{ code: 'CycleInFuture', message, pointer }];
}

/** The end moves to a later day, and onto no other cycle. */
export function extensionRule(cycle: Cycle, to: PartialDate, others: readonly Cycle[]): Faults {
  if (lastDay(to) <= lastDay(cycle.to)) {
    const message = `${to} is not later than ${cycle.to}, when the cycle ends now`;
    return [{ code: 'EndNotLater', message, pointer: '/to' }];
  }
  return cycleOverlapRule({ ...cycle, to }, others, '/to');
}

function cycleOverlapRule(
  cycle: Pick<CyclePeriod, 'from' | 'to'>,
  others: readonly Cycle[],
  pointer: string,
): Faults {
  const spanning = others.map((other) => ({ name: nameOf(other), span: cycleSpan(other) }));
  return overlapRule(cycleSpan(cycle), spanning, 'CycleOverlaps', pointer);
}

const nameOf = ({ cycleId, title }: Cycle): string =>
  `the cycle ${title ? `${title} (${cycleId})` : cycleId}`;
