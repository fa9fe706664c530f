import { describe, expect, it } from '@jest/globals';
import { random } from '#testing';
import type { StoredEvent } from './event.js';
import { LiveTail } from './live-tail.js';

describe('LiveTail', () => {
  it('keeps nothing of what came before it started', () => {
    const tail = new LiveTail();
    tail.reset(500);
    expect(tail.before(Infinity, 8)).toEqual([]);
    expect(tail.after(499)).toBeUndefined();
    expect(tail.after(500)).toEqual([]);
  });

  it('answers portions of what is stored, whichever way and wherever one asks', () => {
    const next = random(1);
    const tail = new LiveTail();
    const stored: StoredEvent[] = [];
    for (let round = 0; round < 300; round++) {
      const from = stored.at(-1)?.position ?? 0;
      const events = Array.from({ length: 1 + next(200) }, (_, n) => event(from + (n + 1) * 7, next(2_000)));
      stored.push(...events);
      tail.append(events);
      const position = next(tail.head + 20);
      const most = 1 + next(700);
      const newerFirst = stored.filter((one) => one.position < position).reverse();
      const before = tail.before(position, most);
      expect(before).toEqual(newerFirst.slice(0, before.length));
      expect(before.length).toBeLessThanOrEqual(most);
      if (newerFirst[0] && newerFirst[0].position > tail.base) expect(before.length).toBeGreaterThan(0);
      const after = tail.after(position);
      const newer = stored.filter((one) => one.position > position);
      expect(after).toEqual(position < tail.base ? undefined : newer.slice(0, after!.length));
      if (after && newer.length > 0) expect(after.length).toBeGreaterThan(0);
    }
    expect(tail.base).toBeGreaterThan(0);
    expect(tail.before(Infinity, 3)).toEqual(stored.slice(-3).reverse());
  });
});

function event(position: number, bytes: number): StoredEvent {
  return {
    position,
    ...{ stream: 'a', revision: 0, created: 0, id: String(position), type: 'A', json: true },
    ...{ data: Buffer.alloc(bytes), metadata: Buffer.alloc(0) },
  };
}
