import { expect, it } from '@jest/globals';
import type { RecordedEvent } from '#event-sourcing';
import { entries } from './read-history.js';
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
