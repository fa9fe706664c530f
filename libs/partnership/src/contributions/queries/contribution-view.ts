import { recorded, type RecordView } from '#aggregates';
import type { RecordedEvent } from '#event-sourcing';
import { evolve, type Contribution, type ContributionStatus, type Segment } from '../domain/contribution.js';
import type { ContributionEvent } from '../domain/events.js';
import type { ContributionFields } from '../domain/fields.js';
import { spanOf } from '../domain/rules.js';

/** One contribution with its segments in the order of time. What is not recorded is absent. */
export interface ContributionView extends ContributionFields, RecordView {
  readonly status: ContributionStatus;
  readonly segments: readonly Segment[];
}

/** Folds a contribution's events, of which there is at least one, into what is shown of it. */
export function contributionView(
  id: string,
  events: readonly RecordedEvent<ContributionEvent>[],
): ContributionView {
  const { status, described, segments } = events.reduce<Contribution | undefined>(
    (so, event) => evolve(so, event),
    undefined,
  )!;
  const { id: _, ...when } = recorded(id, events);
  const firstDayOf = (segment: Segment) => spanOf(segment, described.kind).first;
  return {
    id,
    status,
    ...described,
    segments: [...segments].sort((one, other) => (firstDayOf(one) < firstDayOf(other) ? -1 : 1)),
    ...when,
  };
}
