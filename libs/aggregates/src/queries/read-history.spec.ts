import { expect, it } from '@jest/globals';
import { UnreadableEvent, type EventStore, type RecordedEvent } from '#event-sourcing';
import { entries, ReadRecordHistory, ReadRecordHistoryHandler } from './read-history.js';
import { ReadRecord, ReadRecordHandler } from './read-record.js';
import type { View } from './view.js';

it('folds every event once and shows only the states of a page, however long the history', () => {
  const events = Array.from({ length: 5_000 }, (_, n) => ({
    type: 'Counted',
    data: { n },
    revision: BigInt(n),
    metadata: {},
  })) as unknown as RecordedEvent[];
  let [folded, shown] = [0, 0];
  const view: View<RecordedEvent, number> = {
    evolve: (sum = 0, { data }) => {
      folded++;
      return sum + (data as { n: number }).n;
    },
    show: (sum) => {
      shown++;
      return { sum };
    },
  };
  const page = entries(view, events, 4_950);
  expect(page).toHaveLength(50);
  expect(page.at(-1)).toMatchObject({
    revision: 4_999,
    changes: [{ field: 'sum', from: 12_492_501, to: 12_497_500 }],
  });
  expect([folded, shown]).toEqual([5_000, 51]);
});

it('says that the record is at fault where its events lead to no state', async () => {
  const altered = { type: 'Amended', stream: 'thing-1', revision: 0n, position: 7n, metadata: {} };
  const store = { readStream: () => Promise.resolve([altered]) } as unknown as EventStore;
  const view: View<RecordedEvent, { title: string }> = {
    evolve: (state) => state && { ...state },
    show: ({ title }) => ({ title }),
  };
  const clock = { now: () => new Date(0) };
  const asked = [
    () => new ReadRecordHandler(store, clock).execute(new ReadRecord('thing', view as View, '1')),
    () => new ReadRecordHistoryHandler(store).execute(new ReadRecordHistory('thing', view as View, '1', {})),
  ];
  for (const ask of asked) {
    const answer = ask();
    answer.catch(() => undefined);
    await expect(answer).rejects.toBeInstanceOf(UnreadableEvent);
    await expect(answer).rejects.toMatchObject({
      message: 'the events up to revision 0 of thing-1 do not fit together',
      cause: expect.any(TypeError),
    });
  }
});
