import { describe, expect, it } from '@jest/globals';
import { CaughtUp, ConsistencyGuard } from './consistency.js';

describe('where the event store was a moment ago', () => {
  function caughtUp() {
    let [calls, newest, fails] = [0, 7n, false];
    const store = {
      head: () => {
        calls++;
        return fails ? Promise.reject(new Error('gone')) : Promise.resolve({ position: newest } as never);
      },
    };
    return {
      asked: new CaughtUp(store, ['thing-'], { whenCaughtUp: () => Promise.resolve(true) }),
      move: (to: bigint) => (newest = to),
      fail: (whether: boolean) => (fails = whether),
      calls: () => calls,
    };
  }

  it('is asked of the store once for all within a second', async () => {
    const { asked, move, calls } = caughtUp();
    const first = asked.recentHead(5_000);
    expect(asked.recentHead(5_999)).toBe(first);
    move(9n);
    expect([first.at, await first.position, calls()]).toEqual([5_000, 7n, 1]);
    const next = asked.recentHead(6_000);
    expect([next.at, await next.position, calls()]).toEqual([6_000, 9n, 2]);
  });

  it('is asked again when the clock has stepped back', async () => {
    const { asked, calls } = caughtUp();
    await asked.recentHead(5_000).position;
    expect([asked.recentHead(4_999).at, calls()]).toEqual([4_999, 2]);
  });

  it('is asked again after a failure', async () => {
    const { asked, fail } = caughtUp();
    fail(true);
    await expect(asked.recentHead(5_000).position).rejects.toThrow('gone');
    fail(false);
    expect(await asked.recentHead(5_001).position).toBe(7n);
  });
});

describe('a Consistency-Token', () => {
  const NEWEST = 40n;
  async function ask(token: string, applied: bigint) {
    const store = { head: async () => ({ position: NEWEST }) };
    const positions = { whenCaughtUp: async (_: string, position: bigint) => applied >= position };
    const caughtUp = new CaughtUp(store as never, [], positions);
    const guard = new ConsistencyGuard({ getAllAndOverride: () => ['activities'] } as never, caughtUp);
    const request = { headers: { 'consistency-token': token } };
    const context = {
      switchToHttp: () => ({ getRequest: () => request }),
      getHandler: () => undefined,
      getClass: () => undefined,
    };
    return guard.canActivate(context as never);
  }

  it('is waited for', async () => {
    expect(await ask('40', 40n)).toBe(true);
  });

  it('is to be sent again while the read model is behind it', async () => {
    await expect(ask('40', 39n)).rejects.toMatchObject({ status: 503, code: 'NotCaughtUp' });
  });

  it('may be of another event store where this one has nothing so late', async () => {
    const error = { status: 503, code: 'NotCaughtUp', detail: expect.stringContaining('ask without it') };
    await expect(ask('41', 40n)).rejects.toMatchObject(error);
  });

  it('is refused where it is no position', async () => {
    await expect(ask('x', 40n)).rejects.toMatchObject({ status: 400, code: 'InvalidHeader' });
  });
});
