import { recorded, type RecordView } from '#aggregates';
import type { RecordedEvent } from '#event-sourcing';
import { lastDay } from '#shared-kernel';
import { evolve, type Dialogue, type FollowUp } from '../domain/dialogue.js';
import type { DialogueEvent } from '../domain/events.js';
import type { DialogueFields } from '../domain/fields.js';

type Recorded = RecordedEvent<DialogueEvent>;
type Reason = { readonly reason: string };

/** One session with all that is recorded of it. What is not recorded is absent. */
export interface DialogueView extends DialogueFields, RecordView {
  readonly status: Dialogue['status'];
  /** When it really took place; `date` and `endDate` beside it are the scheduled dates. */
  readonly held?: Dialogue['held'];
  readonly cancellation?: Reason;
  readonly withdrawal?: Reason;
  readonly minutes?: Dialogue['minutes'];
  readonly followUps: readonly (FollowUp & {
    /** Still owed though the last day it was due has passed. */
    readonly overdue: boolean;
  })[];
}

/**
 * Folds a session's events, of which there is at least one, into what is shown of it.
 * @param at the time by which a follow-up is overdue or not
 */
export function dialogueView(id: string, events: readonly Recorded[], at: Date): DialogueView {
  let dialogue: Dialogue | undefined;
  let cancellation: Reason | undefined;
  let withdrawal: Reason | undefined;
  for (const event of events) {
    dialogue = evolve(dialogue, event);
    if (event.type === 'DialogueSessionCancelled') cancellation = event.data;
    if (event.type === 'DialogueSessionWithdrawn') withdrawal = event.data;
  }
  const { status, described, held, minutes, followUps } = dialogue!;
  const today = at.toISOString().slice(0, 10);
  const { id: _, ...when } = recorded(id, events);
  return {
    id,
    status,
    ...described,
    ...(held ? { held } : {}),
    ...(status === 'cancelled' ? { cancellation } : {}),
    ...(status === 'withdrawn' ? { withdrawal } : {}),
    ...(minutes ? { minutes } : {}),
    followUps: followUps.map((followUp) => ({
      ...followUp,
      overdue: status !== 'withdrawn' && isOverdue(followUp, today),
    })),
    ...when,
  };
}

function isOverdue({ status, dueOn }: FollowUp, today: string): boolean {
  return status === 'open' && dueOn !== undefined && lastDay(dueOn) < today;
}
