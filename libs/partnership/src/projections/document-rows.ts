import type { RecordedEvent, Row, RowReference, Rows } from '#event-sourcing';
import { firstDay, lastDay } from '#shared-kernel';
import { documentStatus } from '../documents/domain/document.js';
import { DOCUMENT_STREAM_PREFIX, type DocumentEvent } from '../documents/domain/events.js';
import type { MilestoneKind } from '../documents/domain/fields.js';
import { cycleSpan } from '../documents/domain/rules.js';
import { begun, reference, rowOf, searchedBy, type StreamRows } from './stream-rows.js';
import { cycleTable, documentTable, milestoneTable } from './tables.js';

type Recorded = RecordedEvent<DocumentEvent>;
/** `reached`: id and kind of its milestones, which give its status. Pairs, as an object's keys would come back in another order. */
type DocumentRow = Row & { readonly reached: readonly (readonly [id: string, milestone: MilestoneKind])[] };

export const documentRows: StreamRows = {
  prefix: DOCUMENT_STREAM_PREFIX,
  reads: (event) => reads(event as Recorded),
  apply: (event, rows) => apply(event as Recorded, rows),
};

function reads(event: Recorded): readonly RowReference[] {
  const document = reference(documentTable, documentOf(event));
  switch (event.type) {
    case 'DocumentRecorded':
    case 'CycleOpened':
      return [];
    case 'DocumentAmended':
    case 'DocumentWithdrawn':
    case 'DocumentReinstated':
    case 'MilestoneReached':
      return [document];
    case 'MilestoneCorrected':
    case 'MilestoneWithdrawn':
      return [document, reference(milestoneTable, event.data.milestoneId)];
    case 'CycleActivated':
    case 'CycleCompleted':
    case 'CycleExtended':
    case 'CycleCorrected':
    case 'CycleWithdrawn':
      return [reference(cycleTable, event.data.cycleId)];
    default:
      return event satisfies never;
  }
}

function apply(event: Recorded, rows: Rows): void {
  switch (event.type) {
    case 'DocumentRecorded': {
      const { type, title, reference } = event.data;
      const row = { ...begun(event, DOCUMENT_STREAM_PREFIX), type, title, reference };
      return rows.put(documentTable, searched({ ...row, status: 'recorded', reached: [] }));
    }
    case 'DocumentAmended': {
      const { type, title } = event.data.changes;
      return changeDocument(rows, event, (row) =>
        searched({ ...row, type: type ?? row.type, title: title ?? row.title }),
      );
    }
    // What belongs to it stays as it was: whether it counts, the document's status says.
    case 'DocumentWithdrawn':
      return changeDocument(rows, event, (row) => ({ ...row, status: 'withdrawn' }));
    case 'DocumentReinstated':
      return changeDocument(rows, event, (row) => reached(row, row.reached));
    case 'MilestoneReached':
    case 'MilestoneCorrected': {
      const { milestoneId, milestone, on, note } = event.data;
      const days = on === undefined ? {} : { on_date: on, earliest: firstDay(on), latest: lastDay(on) };
      rows.put(milestoneTable, {
        id: milestoneId,
        document_id: documentOf(event),
        milestone,
        ...days,
        note,
      });
      return changeReached(rows, event, (others) => [...others, [milestoneId, milestone]]);
    }
    case 'MilestoneWithdrawn':
      rows.remove(milestoneTable, [event.data.milestoneId]);
      return changeReached(rows, event, (others) => others);
    case 'CycleOpened': {
      const { cycleId: id, status } = event.data;
      return rows.put(cycleTable, { id, document_id: documentOf(event), ...period(event.data), status });
    }
    case 'CycleActivated':
      return changeCycle(rows, event.data.cycleId, { status: 'active' });
    case 'CycleCompleted':
      return changeCycle(rows, event.data.cycleId, { status: 'completed' });
    case 'CycleExtended': {
      const { to } = event.data;
      return changeCycle(rows, event.data.cycleId, { to_date: to, last_day: lastDay(to) });
    }
    case 'CycleCorrected':
      return changeCycle(rows, event.data.cycleId, period(event.data));
    case 'CycleWithdrawn':
      return rows.remove(cycleTable, [event.data.cycleId]);
    default:
      return event satisfies never;
  }
}

function changeDocument(rows: Rows, event: Recorded, change: (row: DocumentRow) => Row): void {
  rows.put(documentTable, change(rowOf<DocumentRow>(rows, documentTable, documentOf(event))));
}

type MilestoneEvent = Extract<Recorded, { readonly data: { readonly milestoneId: string } }>;

/** `now`: all milestones there are now, from the others than the event's. */
function changeReached(
  rows: Rows,
  event: MilestoneEvent,
  now: (others: DocumentRow['reached']) => DocumentRow['reached'],
): void {
  changeDocument(rows, event, (row) =>
    reached(row, now(row.reached.filter(([id]) => id !== event.data.milestoneId))),
  );
}

/** The row of a document that counts, with its milestones and the status they give. */
function reached(row: DocumentRow, milestones: DocumentRow['reached']): Row {
  const kinds = milestones.map(([, milestone]) => milestone);
  return { ...row, reached: milestones, status: documentStatus(false, kinds) };
}

function changeCycle(rows: Rows, id: string, changes: Row): void {
  rows.put(cycleTable, { ...rowOf<Row>(rows, cycleTable, id), ...changes });
}

interface Period {
  readonly title?: string;
  readonly from: string;
  readonly to: string;
  readonly agreedOn?: string;
}

function period({ title, from, to, agreedOn }: Period): Row {
  const { first, last } = cycleSpan({ from, to });
  return { title, from_date: from, to_date: to, first_day: first, last_day: last, agreed_on: agreedOn };
}

const searched = (row: Row): Row => searchedBy(row, row.title, row.reference);
const documentOf = (event: Recorded): string => event.stream.slice(DOCUMENT_STREAM_PREFIX.length);
