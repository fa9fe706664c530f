import { describe, expect, it } from '@jest/globals';
import { CaughtUp } from '#http';
import { awaitAsOf } from './as-of.js';

describe('what is asked for as of a position', () => {
  const clock = { now: () => new Date('2026-03-01T12:00:00.000Z') };
  const ask = (asOfPosition: string, applied: bigint) => {
    const store = { head: async () => ({ position: 40n, recordedAt: clock.now() }) };
    const positions = { whenCaughtUp: async (_: string, position: bigint) => applied >= position };
    return awaitAsOf({ asOfPosition }, ['activities'], clock, new CaughtUp(store as never, [], positions));
  };

  it('is read once the read model has reached it', async () => {
    expect(await ask('40', 40n)).toEqual({ asOf: undefined, asOfPosition: '40' });
  });

  it('is to be asked for again while the read model is behind it', async () => {
    await expect(ask('40', 39n)).rejects.toMatchObject({ status: 503, code: 'NotCaughtUp' });
  });

  it('is refused where the event store has nothing so late', async () => {
    const errors = [
      { pointer: '/asOfPosition', code: 'AsOfInFuture', message: 'no event is stored at 41 or after' },
    ];
    await expect(ask('41', 40n)).rejects.toMatchObject({ status: 400, code: 'AsOfInFuture', errors });
  });
});
