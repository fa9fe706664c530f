import { amended, type PartialDate } from '#shared-kernel';
import type { DialogueEvent } from './events.js';
import type { DialogueFields, FollowUpFields, Minutes } from './fields.js';
import type { Dates } from './rules.js';

export const dialogueStatuses = ['scheduled', 'held', 'minuted', 'cancelled', 'withdrawn'] as const;
export type DialogueStatus = (typeof dialogueStatuses)[number];

export const followUpStatuses = ['open', 'completed', 'dropped'] as const;
export type FollowUpStatus = (typeof followUpStatuses)[number];

/** What was agreed to be done, and what became of it. */
export interface FollowUp extends FollowUpFields {
  readonly followUpId: string;
  readonly status: FollowUpStatus;
  readonly completedOn?: PartialDate;
  /** Said when it was completed. */
  readonly note?: string;
  /** Why it was dropped. */
  readonly reason?: string;
}

/** A session of the political dialogue. */
export interface Dialogue {
  readonly status: DialogueStatus;
  /** The state that its withdrawal left behind, as long as it is withdrawn: the way back. */
  readonly withdrawnFrom?: DialogueStatus;
  readonly described: DialogueFields;
  /** When it really took place. */
  readonly held?: Dates;
  readonly minutes?: Minutes;
  /** In the order they were agreed in. */
  readonly followUps: readonly FollowUp[];
}

/** The session after one more event; undefined is one that was never scheduled nor logged. */
export function evolve(dialogue: Dialogue | undefined, event: DialogueEvent): Dialogue | undefined {
  if (event.type === 'DialogueSessionScheduled') {
    return { status: 'scheduled', described: event.data, followUps: [] };
  }
  if (event.type === 'DialogueSessionLogged') {
    const { held, ...described } = event.data;
    return { status: 'held', described, held, followUps: [] };
  }
  return dialogue && changed(dialogue, event);
}

type LaterEvent = Exclude<DialogueEvent, { type: 'DialogueSessionScheduled' | 'DialogueSessionLogged' }>;

function changed(dialogue: Dialogue, event: LaterEvent): Dialogue {
  switch (event.type) {
    case 'DialogueSessionAmended': {
      const { held = dialogue.held, ...changes } = event.data.changes;
      return { ...dialogue, described: amended(dialogue.described, changes), held };
    }
    case 'DialogueSessionHeld':
      return { ...dialogue, status: 'held', held: event.data };
    case 'DialogueSessionCancelled':
      return { ...dialogue, status: 'cancelled' };
    case 'DialogueSessionWithdrawn':
      return { ...dialogue, status: 'withdrawn', withdrawnFrom: dialogue.status };
    case 'DialogueSessionReinstated': {
      const { withdrawnFrom, ...session } = dialogue;
      return { ...session, status: withdrawnFrom ?? dialogue.status };
    }
    case 'MinutesRecorded': {
      const { reason: _, ...minutes } = event.data;
      return { ...dialogue, status: 'minuted', minutes };
    }
    case 'FollowUpAgreed':
      return { ...dialogue, followUps: [...dialogue.followUps, { ...event.data, status: 'open' }] };
    case 'FollowUpAmended':
    case 'FollowUpCompleted':
    case 'FollowUpDropped': {
      const followUps = dialogue.followUps.map((followUp) =>
        followUp.followUpId === event.data.followUpId ? followUpAfter(followUp, event) : followUp,
      );
      return { ...dialogue, followUps };
    }
    default:
      return event satisfies never;
  }
}

type FollowUpEvent = Extract<
  DialogueEvent,
  { type: 'FollowUpAmended' | 'FollowUpCompleted' | 'FollowUpDropped' }
>;

function followUpAfter(followUp: FollowUp, event: FollowUpEvent): FollowUp {
  switch (event.type) {
    case 'FollowUpAmended':
      return amended(followUp, event.data.changes);
    case 'FollowUpCompleted': {
      const { on: completedOn, activityId = followUp.activityId, note } = event.data;
      return { ...followUp, status: 'completed', completedOn, activityId, note };
    }
    case 'FollowUpDropped':
      return { ...followUp, status: 'dropped', reason: event.data.reason };
    default:
      return event satisfies never;
  }
}
