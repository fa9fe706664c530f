import type { View } from '#aggregates';
import type { RecordedEvent } from '#event-sourcing';
import { evolve, type Activity, type ActivityDescription } from '../domain/activity.js';
import type { ActivityEvent } from '../domain/events.js';

type Recorded = RecordedEvent<ActivityEvent>;
type DataOf<Type extends ActivityEvent['type']> = Extract<ActivityEvent, { type: Type }>['data'];
type Dates = DataOf<'ActivityHeld'>;

/** All that is recorded of an activity. */
export interface ActivityView extends ActivityDescription {
  readonly status: Activity['status'];
  /** When it really took place; `startsOn` and `endsOn` beside it are the planned dates. */
  readonly held?: Dates;
  readonly cancellation?: DataOf<'ActivityCancelled'>;
  readonly duplicateOf?: string;
  readonly nominations: readonly DataOf<'ParticipantsNominated'>[];
  readonly participations: readonly DataOf<'ParticipationRecorded'>[];
  readonly costs: readonly DataOf<'CostRecorded'>[];
  readonly afterActivityReport?: DataOf<'AfterActivityReportSubmitted'>;
  readonly proposedBy: string;
}

interface State {
  readonly activity: Activity | undefined;
  readonly parts: Parts;
}

export const activityView: View<ActivityEvent, State, ActivityView> = {
  evolve: (state, event) => ({
    activity: evolve(state?.activity, event),
    parts: extended(state?.parts ?? { nominations: [], participations: [], costs: [] }, event),
  }),
  show({ activity, parts }) {
    const { status, described, held, proposedBy } = activity!;
    const { cancellation, duplicateOf, ...others } = parts;
    return {
      status,
      ...described,
      ...(held ? { held } : {}),
      ...others,
      ...(status === 'cancelled' ? { cancellation } : {}),
      ...(status === 'duplicate' ? { duplicateOf } : {}),
      proposedBy: proposedBy!,
    };
  },
};

type Parts = Pick<
  ActivityView,
  'cancellation' | 'duplicateOf' | 'nominations' | 'participations' | 'costs' | 'afterActivityReport'
>;

function extended(parts: Parts, event: Recorded): Parts {
  const { nominations, participations, costs } = parts;
  switch (event.type) {
    case 'ActivityCancelled':
      return { ...parts, cancellation: event.data };
    case 'ActivityMarkedDuplicate':
      return { ...parts, duplicateOf: event.data.of };
    case 'ParticipantsNominated':
      return { ...parts, nominations: [...nominations, event.data] };
    case 'NominationWithdrawn':
      return { ...parts, nominations: without(nominations, 'nominationId', event.data.nominationId) };
    case 'ParticipationRecorded':
      return { ...parts, participations: [...participations, event.data] };
    case 'ParticipationCorrected': {
      const { reason: _, ...corrected } = event.data;
      return { ...parts, participations: replaced(participations, 'participationId', corrected) };
    }
    case 'ParticipationWithdrawn':
      return {
        ...parts,
        participations: without(participations, 'participationId', event.data.participationId),
      };
    case 'CostRecorded':
      return { ...parts, costs: [...costs, event.data] };
    case 'CostCorrected': {
      const { reason: _, ...corrected } = event.data;
      return { ...parts, costs: replaced(costs, 'costId', corrected) };
    }
    case 'CostWithdrawn':
      return { ...parts, costs: without(costs, 'costId', event.data.costId) };
    case 'AfterActivityReportSubmitted':
      return { ...parts, afterActivityReport: event.data };
    // Description and status: `evolve` knows.
    case 'ActivityPlanned':
    case 'ActivityLogged':
    case 'ActivityAmended':
    case 'ActivityHeld':
    case 'ActivityApproved':
    case 'ActivityRejected':
    case 'ActivityRescheduled':
    case 'ActivityPostponed':
    case 'ActivityReinstated':
    case 'ActivityNotAttended':
      return parts;
    default:
      return event satisfies never;
  }
}

function without<Part>(parts: readonly Part[], key: keyof Part, id: string): readonly Part[] {
  return parts.filter((part) => part[key] !== id);
}

function replaced<Part>(parts: readonly Part[], key: keyof Part, by: Part): readonly Part[] {
  return parts.map((part) => (part[key] === by[key] ? by : part));
}
