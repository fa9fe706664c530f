import type { Projection, RecordedEvent, Row, RowReference, Rows } from '#event-sourcing';
import { ACTIVITY_STREAM_PREFIX, type ActivityEvent } from '../domain/events.js';
import { derived, describe, type ActivityRow } from './activity-row.js';
import { activityTable, costTable, nominationTable, participationTable } from './tables.js';

type Recorded = RecordedEvent<ActivityEvent>;

/** Activities, who took part, what it cost and who was nominated: what lists and reports read. */
export const activitiesProjection: Projection = {
  name: 'activities',
  version: 3,
  tables: [activityTable, participationTable, costTable, nominationTable],
  streamPrefixes: [ACTIVITY_STREAM_PREFIX],
  reads: (event) => reads(event as Recorded),
  apply: (event, rows) => apply(event as Recorded, rows),
};

/** The row an event changes, unless it is a new one. */
function reads(event: Recorded): readonly RowReference[] {
  switch (event.type) {
    case 'ActivityPlanned':
    case 'ActivityLogged':
    case 'ParticipantsNominated':
    case 'ParticipationRecorded':
    case 'CostRecorded':
    case 'AfterActivityReportSubmitted':
      return [];
    case 'NominationWithdrawn':
      return [{ table: nominationTable, key: [event.data.nominationId] }];
    case 'ParticipationCorrected':
    case 'ParticipationWithdrawn':
      return [{ table: participationTable, key: [event.data.participationId] }];
    case 'CostCorrected':
    case 'CostWithdrawn':
      return [{ table: costTable, key: [event.data.costId] }];
    case 'ActivityApproved':
    case 'ActivityRejected':
    case 'ActivityAmended':
    case 'ActivityRescheduled':
    case 'ActivityPostponed':
    case 'ActivityCancelled':
    case 'ActivityReinstated':
    case 'ActivityHeld':
    case 'ActivityNotAttended':
    case 'ActivityMarkedDuplicate':
      return [{ table: activityTable, key: [activityOf(event)] }];
    default:
      return event satisfies never;
  }
}

function apply(event: Recorded, rows: Rows): void {
  switch (event.type) {
    case 'ActivityPlanned':
      return rows.put(
        activityTable,
        derived({ ...begun(event), ...described(event.data), status: 'proposed' }),
      );
    case 'ActivityLogged': {
      const { held, ...fields } = event.data;
      return rows.put(
        activityTable,
        derived({ ...begun(event), ...described(fields), ...heldOn(held), status: 'held' }),
      );
    }
    case 'ParticipantsNominated': {
      const { nominationId, institution, country, role, count } = event.data;
      return rows.put(
        nominationTable,
        part(nominationId, event, { institution, country, role, persons: count }),
      );
    }
    case 'NominationWithdrawn':
      return rows.remove(nominationTable, [event.data.nominationId]);
    case 'ParticipationRecorded':
    case 'ParticipationCorrected': {
      const { participationId, country, institution, role, total, military, civilian, female, male } =
        event.data;
      const taken = { country, institution, role, total, military, civilian, female, male };
      return rows.put(participationTable, part(participationId, event, taken));
    }
    case 'ParticipationWithdrawn':
      return rows.remove(participationTable, [event.data.participationId]);
    case 'CostRecorded':
    case 'CostCorrected': {
      const { costId, payer, category, amountMinor, currency, status } = event.data;
      return rows.put(
        costTable,
        part(costId, event, { payer, category, amount_minor: amountMinor, currency, status }),
      );
    }
    case 'CostWithdrawn':
      return rows.remove(costTable, [event.data.costId]);
    case 'AfterActivityReportSubmitted':
      return;
    case 'ActivityApproved':
      return change(rows, event, () => ({ status: 'approved' }));
    case 'ActivityRejected':
      return change(rows, event, (row) => left(row, 'rejected'));
    case 'ActivityAmended': {
      const { held, ...changes } = event.data.changes;
      return change(rows, event, () => ({ ...describe(changes), ...(held ? heldOn(held) : {}) }));
    }
    case 'ActivityRescheduled': {
      const dates = { starts_on: event.data.startsOn, ends_on: event.data.endsOn ?? null };
      return change(rows, event, (row) => ({
        ...(row.status === 'postponed' ? returned(row) : {}),
        ...dates,
      }));
    }
    case 'ActivityPostponed':
      return change(rows, event, (row) => ({ ...left(row, 'postponed'), starts_on: null, ends_on: null }));
    case 'ActivityCancelled':
      return change(rows, event, (row) => left(row, 'cancelled'));
    case 'ActivityReinstated':
      return change(rows, event, returned);
    case 'ActivityHeld':
      return change(rows, event, () => ({ ...heldOn(event.data), status: 'held' }));
    case 'ActivityNotAttended':
      return change(rows, event, () => ({ status: 'not-attended' }));
    case 'ActivityMarkedDuplicate':
      return change(rows, event, (row) => left(row, 'duplicate'));
    default:
      return event satisfies never;
  }
}

/** A new version of the activity's row. */
function change(rows: Rows, event: Recorded, changes: (row: ActivityRow) => Partial<ActivityRow>): void {
  const id = activityOf(event);
  const row = rows.get(activityTable, [id]) as ActivityRow | undefined;
  if (!row) throw new Error(`activity ${id} is not there`);
  rows.put(activityTable, derived({ ...row, ...changes(row) }));
}

function left(row: ActivityRow, status: string): Partial<ActivityRow> {
  return { status, left_statuses: [...row.left_statuses, row.status] };
}

function returned(row: ActivityRow): Partial<ActivityRow> {
  return { status: row.left_statuses.at(-1) ?? row.status, left_statuses: row.left_statuses.slice(0, -1) };
}

const heldOn = ({ startsOn, endsOn }: { startsOn: string; endsOn?: string }) => ({
  held_starts_on: startsOn,
  held_ends_on: endsOn ?? null,
});

function begun({ stream, metadata }: Recorded) {
  return {
    id: stream.slice(ACTIVITY_STREAM_PREFIX.length),
    left_statuses: [],
    proposed_by: metadata.actor.id,
    recorded_at: metadata.recordedAt,
  };
}

const described = (fields: Parameters<typeof describe>[0]) =>
  describe(fields) as Pick<ActivityRow, 'title'> & Partial<ActivityRow>;

const part = (id: string, event: Recorded, row: Row): Row => ({ id, activity_id: activityOf(event), ...row });
const activityOf = (event: Recorded): string => event.stream.slice(ACTIVITY_STREAM_PREFIX.length);
