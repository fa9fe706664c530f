import { amended, type PartialDate } from '#shared-kernel';
import type { ActivityChanges, ActivityEvent } from './events.js';
import type { ActivityFields } from './fields.js';
import type { Dates } from './rules.js';

export const activityStatuses = [
  'proposed',
  'approved',
  'held',
  'rejected',
  'postponed',
  'cancelled',
  'not-attended',
  'duplicate',
] as const;
export type ActivityStatus = (typeof activityStatuses)[number];

/** What describes the activity now; a postponed one has no dates. */
export type ActivityDescription = Omit<ActivityFields, 'startsOn'> & { readonly startsOn?: PartialDate };

/** As much of an activity as its rules need. */
export interface Activity {
  readonly status: ActivityStatus;
  /** The states that postponing, rejecting, cancelling or marking as a duplicate left behind, the latest last: the way back. */
  readonly left: readonly ActivityStatus[];
  /** Id of the actor who planned or logged it. */
  readonly proposedBy?: string;
  readonly described: ActivityDescription;
  /** When it really took place. */
  readonly held?: Dates;
  /** Ids of the parts that are not withdrawn. */
  readonly nominations: readonly string[];
  readonly participations: readonly string[];
  readonly costs: readonly string[];
}

/** An event as it is decided or, with who did it, as it was recorded. */
export type ActivityFact = ActivityEvent & {
  readonly metadata?: { readonly actor: { readonly id: string } };
};

/** The activity after one more event; undefined is one that was never planned nor logged. */
export function evolve(activity: Activity | undefined, event: ActivityFact): Activity | undefined {
  if (event.type === 'ActivityPlanned') return begun('proposed', event.data, event);
  if (event.type === 'ActivityLogged') {
    const { held, ...fields } = event.data;
    return { ...begun('held', fields, event), held };
  }
  return activity && changed(activity, event);
}

function begun(status: ActivityStatus, described: ActivityFields, { metadata }: ActivityFact): Activity {
  return {
    status,
    left: [],
    proposedBy: metadata?.actor.id,
    described,
    nominations: [],
    participations: [],
    costs: [],
  };
}

type LaterFact = Exclude<ActivityFact, { type: 'ActivityPlanned' | 'ActivityLogged' }>;

function changed(activity: Activity, event: LaterFact): Activity {
  switch (event.type) {
    case 'ActivityApproved':
      return { ...activity, status: 'approved' };
    case 'ActivityRejected':
      return leaveFor('rejected', activity);
    case 'ActivityAmended':
      return amendedBy(event.data.changes, activity);
    case 'ActivityRescheduled': {
      const { startsOn, endsOn } = event.data;
      const scheduled = { ...activity, described: { ...activity.described, startsOn, endsOn } };
      return activity.status === 'postponed' ? goBack(scheduled) : scheduled;
    }
    case 'ActivityPostponed': {
      const { startsOn: _, endsOn: __, ...dateless } = activity.described;
      return leaveFor('postponed', { ...activity, described: dateless });
    }
    case 'ActivityCancelled':
      return leaveFor('cancelled', activity);
    case 'ActivityReinstated':
      return goBack(activity);
    case 'ActivityHeld':
      return { ...activity, status: 'held', held: event.data };
    case 'ActivityNotAttended':
      return { ...activity, status: 'not-attended' };
    case 'ActivityMarkedDuplicate':
      return leaveFor('duplicate', activity);
    case 'ParticipantsNominated':
      return { ...activity, nominations: [...activity.nominations, event.data.nominationId] };
    case 'NominationWithdrawn':
      return { ...activity, nominations: without(activity.nominations, event.data.nominationId) };
    case 'ParticipationRecorded':
      return { ...activity, participations: [...activity.participations, event.data.participationId] };
    case 'ParticipationWithdrawn':
      return { ...activity, participations: without(activity.participations, event.data.participationId) };
    case 'CostRecorded':
      return { ...activity, costs: [...activity.costs, event.data.costId] };
    case 'CostWithdrawn':
      return { ...activity, costs: without(activity.costs, event.data.costId) };
    // No rule asks for what these say.
    case 'ParticipationCorrected':
    case 'CostCorrected':
    case 'AfterActivityReportSubmitted':
      return activity;
    default:
      return event satisfies never;
  }
}

function leaveFor(status: ActivityStatus, activity: Activity): Activity {
  return { ...activity, status, left: [...activity.left, activity.status] };
}

function goBack(activity: Activity): Activity {
  return { ...activity, status: activity.left.at(-1) ?? activity.status, left: activity.left.slice(0, -1) };
}

function amendedBy(
  { held, ...changes }: ActivityChanges & { readonly held?: Dates },
  activity: Activity,
): Activity {
  const described = amended(activity.described, changes);
  return held ? { ...activity, described, held } : { ...activity, described };
}

function without(ids: readonly string[], id: string): readonly string[] {
  return ids.filter((known) => known !== id);
}
