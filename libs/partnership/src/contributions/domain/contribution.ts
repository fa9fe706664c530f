import { amended } from '#shared-kernel';
import type { ContributionEvent } from './events.js';
import type { ContributionFields, SegmentFields } from './fields.js';

export type Segment = SegmentFields & { readonly segmentId: string };

/** A contribution as it is; its segments are those that are not withdrawn. */
export interface Contribution {
  /** `withdrawn`: recorded by mistake. */
  readonly status: ContributionStatus;
  readonly described: ContributionFields;
  readonly segments: readonly Segment[];
}

export const contributionStatuses = ['recorded', 'withdrawn'] as const;
export type ContributionStatus = (typeof contributionStatuses)[number];

/** The contribution after one more event; undefined is one that was never recorded. */
export function evolve(
  contribution: Contribution | undefined,
  event: ContributionEvent,
): Contribution | undefined {
  if (event.type === 'ContributionRecorded') {
    return { status: 'recorded', described: event.data, segments: [] };
  }
  return contribution && changed(contribution, event);
}

function changed(
  contribution: Contribution,
  event: Exclude<ContributionEvent, { type: 'ContributionRecorded' }>,
): Contribution {
  const { segments } = contribution;
  const segmentChanged = (id: string, change: (segment: Segment) => Segment): Contribution => ({
    ...contribution,
    segments: segments.map((segment) => (segment.segmentId === id ? change(segment) : segment)),
  });
  switch (event.type) {
    case 'ContributionAmended':
      return { ...contribution, described: amended(contribution.described, event.data.changes) };
    case 'ContributionWithdrawn':
      return { ...contribution, status: 'withdrawn' };
    case 'ContributionReinstated':
      return { ...contribution, status: 'recorded' };
    case 'SegmentAdded':
      return { ...contribution, segments: [...segments, event.data] };
    case 'SegmentCorrected': {
      const { reason: _, ...corrected } = event.data;
      return segmentChanged(corrected.segmentId, () => corrected);
    }
    case 'SegmentEnded': {
      const { segmentId, to } = event.data;
      return segmentChanged(segmentId, (segment) => ({ ...segment, to }));
    }
    case 'SegmentWithdrawn':
      return {
        ...contribution,
        segments: segments.filter(({ segmentId }) => segmentId !== event.data.segmentId),
      };
    default:
      return event satisfies never;
  }
}
