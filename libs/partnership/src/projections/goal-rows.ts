import type { RecordedEvent, Row, RowReference, Rows } from '#event-sourcing';
import { lastDay } from '#shared-kernel';
import { GOAL_STREAM_PREFIX, type GoalEvent } from '../goals/domain/events.js';
import type { AssessmentStatus } from '../goals/domain/fields.js';
import { goalStatus } from '../goals/domain/goal.js';
import { begun, reference, rowOf, searchedBy, type StreamRows } from './stream-rows.js';
import { assessmentTable, goalTable } from './tables.js';

type Recorded = RecordedEvent<GoalEvent>;
type Assessed = readonly [id: string, on: string, status: AssessmentStatus];
/** `assessed`: its assessments in the order in which they were recorded, which give its status. */
type GoalRow = Row & { readonly assessed: readonly Assessed[] };

export const goalRows: StreamRows = {
  prefix: GOAL_STREAM_PREFIX,
  reads: (event) => reads(event as Recorded),
  apply: (event, rows) => apply(event as Recorded, rows),
};

function reads(event: Recorded): readonly RowReference[] {
  const goal = reference(goalTable, goalOf(event));
  switch (event.type) {
    case 'GoalProposed':
      return [];
    case 'GoalAmended':
    case 'GoalAssessed':
      return [goal];
    case 'AssessmentCorrected':
    case 'AssessmentWithdrawn':
      return [goal, reference(assessmentTable, event.data.assessmentId)];
    default:
      return event satisfies never;
  }
}

function apply(event: Recorded, rows: Rows): void {
  switch (event.type) {
    case 'GoalProposed': {
      const { code, documentId: document_id } = event.data;
      const row = { ...begun(event, GOAL_STREAM_PREFIX), code, document_id, ...described(event.data) };
      return rows.put(goalTable, searched({ ...row, status: 'proposed', assessed: [] }));
    }
    case 'GoalAmended':
      return changeGoal(rows, event, (row) => searched({ ...row, ...described(event.data.changes) }));
    case 'GoalAssessed': {
      const { assessmentId: id, on, status, note } = event.data;
      rows.put(assessmentTable, {
        id,
        goal_id: goalOf(event),
        on_date: on,
        latest: lastDay(on),
        ordinal: Number(event.revision),
        status,
        note,
      });
      return changeAssessed(rows, event, (assessed) => [...assessed, [id, on, status]]);
    }
    case 'AssessmentCorrected': {
      const { assessmentId: id, on, status, note } = event.data;
      const row = rowOf<Row>(rows, assessmentTable, id);
      rows.put(assessmentTable, { ...row, on_date: on, latest: lastDay(on), status, note });
      return changeAssessed(rows, event, (assessed) =>
        assessed.map((known) => (known[0] === id ? [id, on, status] : known)),
      );
    }
    case 'AssessmentWithdrawn': {
      const id = event.data.assessmentId;
      rows.remove(assessmentTable, [id]);
      return changeAssessed(rows, event, (assessed) => assessed.filter(([known]) => known !== id));
    }
    default:
      return event satisfies never;
  }
}

function changeGoal(rows: Rows, event: Recorded, change: (row: GoalRow) => Row): void {
  rows.put(goalTable, change(rowOf<GoalRow>(rows, goalTable, goalOf(event))));
}

function changeAssessed(
  rows: Rows,
  event: Recorded,
  change: (assessed: readonly Assessed[]) => readonly Assessed[],
): void {
  changeGoal(rows, event, (row) => {
    const assessed = change(row.assessed);
    return { ...row, assessed, status: goalStatus(assessed.map(([, on, status]) => ({ on, status }))) };
  });
}

interface Described {
  readonly title?: string;
  readonly branch?: string;
  readonly cycleId?: string | null;
  readonly proposedOn?: string | null;
}

/** Columns that the fields give, for those fields that are there; null empties a column. */
function described({ title, branch, cycleId, proposedOn }: Described): Row {
  return {
    ...(title === undefined ? {} : { title }),
    ...(branch === undefined ? {} : { branch }),
    ...(cycleId === undefined ? {} : { cycle_id: cycleId }),
    ...(proposedOn === undefined
      ? {}
      : { proposed_on: proposedOn, proposed_by_day: proposedOn && lastDay(proposedOn) }),
  };
}

const searched = (row: Row): Row => searchedBy(row, row.code, row.title);
const goalOf = (event: Recorded): string => event.stream.slice(GOAL_STREAM_PREFIX.length);
