import type { View } from '#aggregates';
import { lastDay } from '#shared-kernel';
import { evolve, type Dialogue, type FollowUp } from '../domain/dialogue.js';
import type { DialogueEvent } from '../domain/events.js';
import type { DialogueFields } from '../domain/fields.js';

type Reason = { readonly reason: string };

/** All that is recorded of a session. */
export interface DialogueView extends DialogueFields {
  readonly status: Dialogue['status'];
  /** When it really took place; `date` and `endDate` beside it are the scheduled dates. */
  readonly held?: Dialogue['held'];
  readonly cancellation?: Reason;
  readonly withdrawal?: Reason;
  readonly minutes?: Dialogue['minutes'];
  readonly followUps: readonly (FollowUp & {
    /** Still owed though the last day it was due has passed by the time it is shown as of. */
    readonly overdue?: boolean;
  })[];
}

interface State {
  readonly dialogue: Dialogue | undefined;
  readonly cancellation?: Reason;
  readonly withdrawal?: Reason;
}

export const dialogueView: View<DialogueEvent, State, DialogueView> = {
  evolve: (state, event) => ({
    ...state,
    dialogue: evolve(state?.dialogue, event),
    ...(event.type === 'DialogueSessionCancelled' ? { cancellation: event.data } : {}),
    ...(event.type === 'DialogueSessionWithdrawn' ? { withdrawal: event.data } : {}),
  }),
  show({ dialogue, cancellation, withdrawal }) {
    const { status, described, held, minutes, followUps } = dialogue!;
    return {
      status,
      ...described,
      ...(held ? { held } : {}),
      ...(status === 'cancelled' ? { cancellation } : {}),
      ...(status === 'withdrawn' ? { withdrawal } : {}),
      ...(minutes ? { minutes } : {}),
      followUps,
    };
  },
  arrange({ status, followUps, ...session }, at) {
    const today = at.toISOString().slice(0, 10);
    const dated = followUps.map((followUp) => ({
      ...followUp,
      overdue: status !== 'withdrawn' && isOverdue(followUp, today),
    }));
    return { status, ...session, followUps: dated };
  },
};

function isOverdue({ status, dueOn }: FollowUp, today: string): boolean {
  return status === 'open' && dueOn !== undefined && lastDay(dueOn) < today;
}
