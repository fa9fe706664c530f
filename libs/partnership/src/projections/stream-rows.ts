import type { Projection, RecordedEvent, Row, RowReference, Rows, TableDefinition } from '#event-sourcing';
import { searchable, type DomainEvent } from '#shared-kernel';

/** How the events of one aggregate's streams become rows: a part of the projection. */
export type StreamRows = Pick<Projection, 'reads' | 'apply'> & { readonly prefix: string };

export const reference = (table: TableDefinition, id: string): RowReference => ({ table, key: [id] });

/** A row that is there: the event would not have been decided without it. */
export function rowOf<Wanted extends object>(rows: Rows, table: TableDefinition, id: string): Wanted {
  const row = rows.get(table, [id]);
  if (!row) throw new Error(`${table.name} ${id} is not there`);
  return row as Wanted;
}

/** Columns that every aggregate's row begins with. */
export function begun(event: RecordedEvent<DomainEvent>, prefix: string): Row {
  return { id: event.stream.slice(prefix.length), recorded_at: event.metadata.recordedAt };
}

/** Fills in the text that a list's `q` looks through. */
export function searchedBy(row: Row, ...words: readonly unknown[]): Row {
  return { ...row, search_text: searchable(words.filter((word) => word != null).join(' ')) };
}
