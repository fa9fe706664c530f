import type { View } from '#aggregates';
import { evolve, type Contribution, type ContributionStatus, type Segment } from '../domain/contribution.js';
import type { ContributionEvent } from '../domain/events.js';
import type { ContributionFields } from '../domain/fields.js';
import { spanOf } from '../domain/rules.js';

/** All that is recorded of a contribution, its segments in the order of time. */
export interface ContributionView extends ContributionFields {
  readonly status: ContributionStatus;
  readonly segments: readonly Segment[];
}

export const contributionView: View<ContributionEvent, Contribution, ContributionView> = {
  evolve,
  show: ({ status, described, segments }) => ({ status, ...described, segments }),
  arrange(contribution) {
    const firstDayOf = (segment: Segment) => spanOf(segment, contribution.kind).first;
    const segments = [...contribution.segments].sort((one, other) =>
      firstDayOf(one) < firstDayOf(other) ? -1 : 1,
    );
    return { ...contribution, segments };
  },
};
