import { amended, lastDay } from '#shared-kernel';
import type { GoalEvent } from './events.js';
import { assessmentStatuses, type AssessmentFields, type GoalFields } from './fields.js';

export type Assessment = AssessmentFields & { readonly assessmentId: string };

/** A goal as it is; its assessments are those that are not withdrawn, in the order in which they were recorded. */
export interface Goal {
  readonly described: GoalFields;
  readonly assessments: readonly Assessment[];
}

export const goalStatuses = ['proposed', ...assessmentStatuses] as const;
export type GoalStatus = (typeof goalStatuses)[number];

/**
 * What the latest assessment says: by the last day its date can mean, of those of one day the one recorded last.
 * @param assessments in the order in which they were recorded
 */
export function goalStatus(assessments: readonly Pick<Assessment, 'on' | 'status'>[]): GoalStatus {
  let latest: { readonly day: string; readonly status: GoalStatus } = { day: '', status: 'proposed' };
  for (const { on, status } of assessments) {
    const day = lastDay(on);
    if (day >= latest.day) latest = { day, status };
  }
  return latest.status;
}

/** Earliest first. */
export function inOrder<Assessed extends Pick<Assessment, 'on'>>(
  assessments: readonly Assessed[],
): readonly Assessed[] {
  // The sort is stable: the order in which they were recorded decides within a day.
  return [...assessments].sort((one, other) => Date.parse(lastDay(one.on)) - Date.parse(lastDay(other.on)));
}

/** The goal after one more event; undefined is one that was never proposed. */
export function evolve(goal: Goal | undefined, event: GoalEvent): Goal | undefined {
  if (event.type === 'GoalProposed') return { described: event.data, assessments: [] };
  return goal && changed(goal, event);
}

function changed(goal: Goal, event: Exclude<GoalEvent, { type: 'GoalProposed' }>): Goal {
  const { assessments } = goal;
  switch (event.type) {
    case 'GoalAmended':
      return { ...goal, described: amended(goal.described, event.data.changes) };
    case 'GoalAssessed':
      return { ...goal, assessments: [...assessments, event.data] };
    case 'AssessmentCorrected': {
      const { reason: _, ...corrected } = event.data;
      const { assessmentId } = corrected;
      return {
        ...goal,
        assessments: assessments.map((known) => (known.assessmentId === assessmentId ? corrected : known)),
      };
    }
    case 'AssessmentWithdrawn':
      return {
        ...goal,
        assessments: assessments.filter(({ assessmentId }) => assessmentId !== event.data.assessmentId),
      };
    default:
      return event satisfies never;
  }
}
