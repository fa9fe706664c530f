import { expect, it } from '@jest/globals';
import { SortedSpool } from './sorted-spool.js';

it('puts more than fits into memory at once in order, as often as it is read', async () => {
  const spool = new SortedSpool<{ n: number; text: string }>();
  const count = 60_000;
  const text = 'line\nend\u2028and\ttab '.padEnd(300, '.');
  try {
    await Promise.all(
      Array.from({ length: count }, (_, index) => {
        const n = (index * 7919) % count;
        return spool.add(String(n).padStart(8, '0'), { n, text });
      }),
    );
    for (const _ of ['once', 'again']) {
      let next = 0;
      let wrong = 0;
      for await (const { item } of spool.sorted()) if (item.n !== next++ || item.text !== text) wrong++;
      expect(wrong).toBe(0);
      expect(next).toBe(count);
    }
  } finally {
    await spool.close();
  }
});
