import type { Projection, RecordedEvent, Row, RowReference, Rows } from '#event-sourcing';
import { lastDay } from '#shared-kernel';
import { DIALOGUE_STREAM_PREFIX, type DialogueEvent } from '../domain/events.js';
import type { FollowUpFields } from '../domain/fields.js';
import { derived, describe, heldOn, type SessionRow } from './session-row.js';
import { followUpTable, sessionTable } from './tables.js';

type Recorded = RecordedEvent<DialogueEvent>;

/** Sessions of the political dialogue and what was agreed in them: what lists, activities and reports read. */
export const dialogueProjection: Projection = {
  name: 'dialogue',
  version: 1,
  tables: [sessionTable, followUpTable],
  streamPrefixes: [DIALOGUE_STREAM_PREFIX],
  reads: (event) => reads(event as Recorded),
  apply: (event, rows) => apply(event as Recorded, rows),
};

/** The row an event changes, unless it is a new one. */
function reads(event: Recorded): readonly RowReference[] {
  switch (event.type) {
    case 'DialogueSessionScheduled':
    case 'DialogueSessionLogged':
    case 'FollowUpAgreed':
      return [];
    case 'FollowUpAmended':
    case 'FollowUpCompleted':
    case 'FollowUpDropped':
      return [{ table: followUpTable, key: [event.data.followUpId] }];
    case 'DialogueSessionAmended':
    case 'DialogueSessionHeld':
    case 'DialogueSessionCancelled':
    case 'DialogueSessionWithdrawn':
    case 'DialogueSessionReinstated':
    case 'MinutesRecorded':
      return [{ table: sessionTable, key: [sessionOf(event)] }];
    default:
      return event satisfies never;
  }
}

function apply(event: Recorded, rows: Rows): void {
  switch (event.type) {
    case 'DialogueSessionScheduled':
      return begin(rows, event, { ...describe(event.data), status: 'scheduled' });
    case 'DialogueSessionLogged': {
      const { held, ...fields } = event.data;
      return begin(rows, event, { ...describe(fields), ...heldOn(held), status: 'held' });
    }
    case 'DialogueSessionAmended': {
      const { held, ...changes } = event.data.changes;
      return change(rows, event, { ...describe(changes), ...(held ? heldOn(held) : {}) });
    }
    case 'DialogueSessionHeld':
      return change(rows, event, { ...heldOn(event.data), status: 'held' });
    case 'MinutesRecorded':
      return change(rows, event, { status: 'minuted' });
    case 'DialogueSessionCancelled':
      return change(rows, event, { status: 'cancelled' });
    case 'DialogueSessionWithdrawn':
      return change(rows, event, { status: 'withdrawn', withdrawn_from: sessionRow(rows, event).status });
    case 'DialogueSessionReinstated': {
      const { status, withdrawn_from } = sessionRow(rows, event);
      return change(rows, event, { status: withdrawn_from ?? status, withdrawn_from: null });
    }
    case 'FollowUpAgreed': {
      const { followUpId: id, ...agreed } = event.data;
      return rows.put(followUpTable, {
        id,
        session_id: sessionOf(event),
        status: 'open',
        ...agreedColumns(agreed),
      });
    }
    case 'FollowUpAmended':
      return changeFollowUp(rows, event.data.followUpId, agreedColumns(event.data.changes));
    case 'FollowUpCompleted': {
      const { followUpId, on, activityId } = event.data;
      const named = activityId ? { activity_id: activityId } : {};
      return changeFollowUp(rows, followUpId, { status: 'completed', completed_on: on, ...named });
    }
    case 'FollowUpDropped':
      return changeFollowUp(rows, event.data.followUpId, { status: 'dropped' });
    default:
      return event satisfies never;
  }
}

function begin(rows: Rows, event: Recorded, row: Partial<SessionRow>): void {
  rows.put(sessionTable, derived({ id: sessionOf(event), recorded_at: event.metadata.recordedAt, ...row }));
}

/** A new version of the session's row. */
function change(rows: Rows, event: Recorded, changes: Partial<SessionRow>): void {
  rows.put(sessionTable, derived({ ...sessionRow(rows, event), ...changes }));
}

function sessionRow(rows: Rows, event: Recorded): SessionRow {
  const id = sessionOf(event);
  const row = rows.get(sessionTable, [id]) as SessionRow | undefined;
  if (!row) throw new Error(`dialogue session ${id} is not there`);
  return row;
}

/** A new version of a follow-up's row. */
function changeFollowUp(rows: Rows, id: string, changes: Row): void {
  const row = rows.get(followUpTable, [id]);
  if (!row) throw new Error(`follow-up ${id} is not there`);
  rows.put(followUpTable, { ...row, ...changes });
}

type Agreed = { readonly [Field in keyof FollowUpFields]?: FollowUpFields[Field] | null };

/** Columns of those fields that are there; null empties a column. */
function agreedColumns({ text, owner, dueOn, activityId }: Agreed): Row {
  return {
    ...(text === undefined ? {} : { text }),
    ...(owner === undefined ? {} : { owner }),
    ...(dueOn === undefined ? {} : { due_on: dueOn, due_by: dueOn && lastDay(dueOn) }),
    ...(activityId === undefined ? {} : { activity_id: activityId }),
  };
}

const sessionOf = ({ stream }: Recorded): string => stream.slice(DIALOGUE_STREAM_PREFIX.length);
