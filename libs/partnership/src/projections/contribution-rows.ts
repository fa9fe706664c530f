import type { RecordedEvent, Row, RowReference, Rows } from '#event-sourcing';
import { CONTRIBUTION_STREAM_PREFIX, type ContributionEvent } from '../contributions/domain/events.js';
import type { ContributionKind } from '../contributions/domain/fields.js';
import { spanOf } from '../contributions/domain/rules.js';
import { begun, reference, rowOf, searchedBy, type StreamRows } from './stream-rows.js';
import { contributionTable, segmentTable } from './tables.js';

type Recorded = RecordedEvent<ContributionEvent>;
type ContributionRow = Row & { readonly kind: ContributionKind };
type SegmentRow = Row & { readonly from_date: string };

export const contributionRows: StreamRows = {
  prefix: CONTRIBUTION_STREAM_PREFIX,
  reads: (event) => reads(event as Recorded),
  apply: (event, rows) => apply(event as Recorded, rows),
};

function reads(event: Recorded): readonly RowReference[] {
  const contribution = reference(contributionTable, contributionOf(event));
  switch (event.type) {
    case 'ContributionRecorded':
      return [];
    case 'ContributionAmended':
    case 'ContributionWithdrawn':
    case 'ContributionReinstated':
    case 'SegmentAdded':
      return [contribution];
    case 'SegmentCorrected':
    case 'SegmentEnded':
      return [contribution, reference(segmentTable, event.data.segmentId)];
    case 'SegmentWithdrawn':
      return [reference(segmentTable, event.data.segmentId)];
    default:
      return event satisfies never;
  }
}

function apply(event: Recorded, rows: Rows): void {
  switch (event.type) {
    case 'ContributionRecorded': {
      const { operation, kind, unit, basis, title } = event.data;
      const row = { ...begun(event, CONTRIBUTION_STREAM_PREFIX), operation, kind, unit, basis, title };
      return rows.put(contributionTable, searched({ ...row, status: 'recorded' }));
    }
    case 'ContributionAmended': {
      const { title } = event.data.changes;
      const row = contributionRow(rows, event);
      return rows.put(
        contributionTable,
        searched({ ...row, title: title === undefined ? row.title : title }),
      );
    }
    // Its segments stay as they were: whether they count, the contribution's status says.
    case 'ContributionWithdrawn':
      return rows.put(contributionTable, { ...contributionRow(rows, event), status: 'withdrawn' });
    case 'ContributionReinstated':
      return rows.put(contributionTable, { ...contributionRow(rows, event), status: 'recorded' });
    case 'SegmentAdded':
    case 'SegmentCorrected': {
      const { segmentId: id, value } = event.data;
      const row = { id, contribution_id: contributionOf(event), value };
      return rows.put(segmentTable, { ...row, ...dates(rows, event, event.data) });
    }
    case 'SegmentEnded': {
      const { segmentId, to } = event.data;
      const row = rowOf<SegmentRow>(rows, segmentTable, segmentId);
      return rows.put(segmentTable, { ...row, ...dates(rows, event, { from: row.from_date, to }) });
    }
    case 'SegmentWithdrawn':
      return rows.remove(segmentTable, [event.data.segmentId]);
    default:
      return event satisfies never;
  }
}

function contributionRow(rows: Rows, event: Recorded): ContributionRow {
  return rowOf<ContributionRow>(rows, contributionTable, contributionOf(event));
}

function dates(
  rows: Rows,
  event: Recorded,
  { from, to }: { readonly from: string; readonly to?: string },
): Row {
  const { first, last } = spanOf({ from, to }, contributionRow(rows, event).kind);
  return { from_date: from, to_date: to, first_day: first, last_day: last };
}

const searched = (row: Row): Row => searchedBy(row, row.operation, row.title);
const contributionOf = (event: Recorded): string => event.stream.slice(CONTRIBUTION_STREAM_PREFIX.length);
