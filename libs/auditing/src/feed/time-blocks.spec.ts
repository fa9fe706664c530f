import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { StoredEvent } from '#event-sourcing';
import { random } from '#testing';
import { startAuditing, type Auditing } from '../testing/auditing.js';
import { TimeBlocks } from './time-blocks.js';

describe('TimeBlocks', () => {
  let audit: Auditing;
  let stored: StoredEvent[];

  beforeAll(async () => {
    audit = await startAuditing();
    await audit.recordHistory(10, 5);
    await audit.projected();
    stored = await audit.stored();
  });
  afterAll(() => audit?.stop());

  it.each([1, 4, 20])(
    'leaves out no event of a time, and most of the others, in blocks of %d',
    async (size) => {
      const blocks = new TimeBlocks((sql, parameters) => audit.dataSource.query(sql, parameters), size);
      const next = random(size);
      const any = () => stored[next(stored.length)]!;
      let kept = 0;
      let asked = 0;
      for (let turn = 0; turn < 100; turn++) {
        const [from, to] = [any(), any()].map(({ metadata }) => metadata.recordedAt!).sort();
        const upTo = any().position;
        const after = next(2) ? any().position : -1n;
        const span = await blocks.narrow({ after, upTo }, { from, to });
        const within = ({ position }: StoredEvent) => position > after && position <= upTo;
        const inSpan = ({ position }: StoredEvent) =>
          !!span && position > span.after && position <= span.upTo;
        const wanted = stored.filter((event) => within(event) && isBetween(event, from!, to!));
        expect(wanted.filter(inSpan)).toEqual(wanted);
        expect(stored.filter(inSpan).every(within)).toBe(true);
        kept += stored.filter(inSpan).length - wanted.length;
        asked += stored.filter(within).length - wanted.length;
      }
      expect(kept).toBeLessThan(asked / 2);
    },
  );

  it('takes in what is recorded later', async () => {
    const blocks = new TimeBlocks((sql, parameters) => audit.dataSource.query(sql, parameters), 10);
    const from = '2026-06-01T00:00:00.000Z';
    const span = { after: -1n, upTo: stored.at(-1)!.position };
    expect(await blocks.narrow(span, { from })).toBeUndefined();
    const [{ stream }] = stored as [StoredEvent];
    const position = await audit.record(stream, [{ type: stored[0]!.type, data: stored[0]!.data }], from);
    await audit.projected();
    const found = await blocks.narrow({ after: -1n, upTo: position }, { from });
    expect(found!.after).toBeLessThan(position);
    expect(found!.upTo).toBe(position);
  });
});

const isBetween = ({ metadata }: StoredEvent, from: string, to: string): boolean =>
  metadata.recordedAt! >= from && metadata.recordedAt! < to;
