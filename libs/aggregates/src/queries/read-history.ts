import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { EventStore, historyItem, readHistory, type HistoryItem, type RecordedEvent } from '#event-sourcing';
import { invalid } from '#http';
import { z } from 'zod';
import { changesBetween, type Change } from './changes.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import { fold, workedOut, type View } from './view.js';

/** One recorded fact, and what it changed in what is shown of the aggregate. */
export interface HistoryEntry extends HistoryItem {
  readonly changes: readonly Change[];
}

/** Newest first. */
export interface HistoryPage {
  readonly items: readonly HistoryEntry[];
  readonly nextCursor: string | null;
}

/** A page of the events of one aggregate, read from the event store: exact at once, whatever the read model's lag. */
export class ReadRecordHistory extends Query<HistoryPage> {
  constructor(
    readonly aggregate: string,
    readonly view: View,
    readonly id: string,
    /** `limit`: events; absent: all. `cursor`: of the page before. */
    readonly page: { readonly limit?: number; readonly cursor?: string },
  ) {
    super();
  }
}

@QueryHandler(ReadRecordHistory)
export class ReadRecordHistoryHandler implements IQueryHandler<ReadRecordHistory> {
  constructor(private readonly store: EventStore) {}

  /**
   * A cursor names the event that the page before ended with: newer events move nothing.
   * @throws AggregateNotFound when there is no such aggregate, Problem 400 for a cursor that is not of its history
   */
  async execute({ aggregate, view, id, page }: ReadRecordHistory): Promise<HistoryPage> {
    const before = page.cursor === undefined ? undefined : revisionIn(page.cursor, id);
    const events = await readHistory(this.store, aggregate, id);
    const end =
      before === undefined ? events.length : events.findIndex(({ revision }) => revision === before);
    if (end < 1) throw badCursor();
    const start = Math.max(0, end - (page.limit ?? end));
    const items = workedOut(events[end - 1]!, () => entries(view, events.slice(0, end), start)).reverse();
    const last = items.at(-1)!;
    return { items, nextCursor: start > 0 ? encodeCursor([id, last.revision]) : null };
  }
}

/** The events from the `start`-th on, oldest first: each is folded once, and only these are shown. */
export function entries(view: View, events: readonly RecordedEvent[], start = 0): HistoryEntry[] {
  let state = fold(view, events.slice(0, start));
  let shown = state === undefined ? undefined : view.show(state);
  return events.slice(start).map((event) => {
    const before = shown;
    state = view.evolve(state, event);
    shown = view.show(state);
    return { ...historyItem(event), changes: changesBetween(before, shown) };
  });
}

function revisionIn(cursor: string, id: string): bigint {
  const read = decodeCursor(cursor, z.tuple([z.literal(id), z.int().positive()]));
  if (!read) throw badCursor();
  return BigInt(read[1]);
}

const badCursor = () =>
  invalid([{ path: ['cursor'], message: 'give nextCursor of the page before, of the same history' }]);
