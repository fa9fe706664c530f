import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Subscription } from '../store/event-store.js';
import { ledgerNamed, startLedgers, until, type Ledgers } from '../testing/projectors.js';
import { EventHub, type SharedFeed } from './event-hub.js';

const PREFIXES = ['ledger-', 'other-'];
const names = ['one', 'two', 'three'];

describe('EventHub', () => {
  let ledgers: Ledgers;
  let subscriptions = 0;
  const subscribed = new Set<Subscription>();
  const feeds = new Set<SharedFeed>();

  beforeAll(async () => {
    ledgers = await startLedgers(names);
    const { store } = ledgers;
    const subscribe = store.subscribe.bind(store);
    store.subscribe = (...given) => {
      subscriptions++;
      const subscription = subscribe(...given);
      subscribed.add(subscription);
      const cancel = subscription.cancel.bind(subscription);
      subscription.cancel = () => {
        subscribed.delete(subscription);
        cancel();
      };
      return subscription;
    };
  });
  afterEach(async () => {
    for (const feed of feeds) feed.drop('the test is over');
    feeds.clear();
    await ledgers.stopAll();
    subscriptions = 0;
  });
  afterAll(() => ledgers?.stop());

  const openHub = (changes: { capacity?: number; patience?: number; watchdog?: number } = {}) => {
    const hub = new EventHub({
      ...{ store: ledgers.store, prefixes: PREFIXES, log: { error: () => undefined } },
      ...changes,
    });
    return (position: bigint) => {
      const feed = hub.open(position);
      feeds.add(feed);
      return feed;
    };
  };
  const live = () => subscribed.size;
  /** Takes everything up to a position; answers the positions of the events, in the order they came. */
  const takeUpTo = async (feed: SharedFeed, position: bigint, most = 1_000): Promise<bigint[]> => {
    const taken: bigint[] = [];
    for (;;) {
      const arrival = await feed.next(most);
      taken.push(...arrival.events.map(({ position: at }) => at));
      if (arrival.position >= position) return taken;
    }
  };
  const add = (count: number) =>
    ledgers.add(
      'ledger-hub',
      Array.from({ length: count }, () => 1),
    );
  const stored = async (after = -1n) =>
    (await ledgers.store.readAfter(-1n, 100_000))
      .filter(({ stream }) => PREFIXES.some((prefix) => stream.startsWith(prefix)))
      .map(({ position }) => position)
      .filter((position) => position > after);

  it('serves all projections of a process, from the first event, by one subscription and one decoding', async () => {
    const last = await add(300);
    const { store } = ledgers;
    const recorded = store.recorded.bind(store);
    let decodings = 0;
    store.recorded = (resolved) => {
      decodings++;
      return recorded(resolved);
    };
    ledgers.start(names.map((name) => ledgerNamed(name)));
    await ledgers.caughtUp(last);
    store.recorded = recorded;
    expect([subscriptions, decodings]).toEqual([1, (await stored()).length]);
    for (const name of names) expect(await ledgers.sumIn(name, 'ledger-hub')).toBe(300);
  });

  it('gives each reader every event once, whatever it starts from', async () => {
    const middle = await add(50);
    const last = await add(50);
    const open = openHub({ capacity: 20 });
    const [behind, front] = [open(-1n), open(middle)];
    const [all, some] = await Promise.all([takeUpTo(behind, last, 7), takeUpTo(front, last, 3)]);
    expect(all).toEqual(await stored());
    expect(some).toEqual(await stored(middle));
    const next = await add(5);
    const live = await Promise.all([takeUpTo(behind, next), takeUpTo(front, next)]);
    expect(live).toEqual([await stored(last), await stored(last)]);
  });

  it('lets one who was behind share again', async () => {
    const last = await add(100);
    const open = openHub();
    const front = open(last);
    const waits = front.next(1);
    const behind = open(-1n);
    await takeUpTo(behind, last);
    expect(subscriptions).toBe(2);
    const next = await add(1);
    // It joins before it waits, so its own subscription is gone.
    expect(await takeUpTo(behind, next)).toEqual([next]);
    expect((await waits).position).toBe(next);
    expect(subscriptions).toBe(2);
    expect(live()).toBe(1);
  });

  it('goes no faster than its slowest reader takes', async () => {
    await add(100);
    const open = openHub({ capacity: 10, patience: 60_000 });
    const [slow, quick] = [open(-1n), open(-1n)];
    expect((await slow.next(1)).events).toHaveLength(1);
    const first = (await stored())[0]!;
    const taken: bigint[] = [];
    let isDone = false;
    const reading = (async () => {
      while (!isDone) taken.push(...(await quick.next(5)).events.map(({ position }) => position));
    })().catch(() => undefined);
    await until(() => taken.length >= 11);
    // Others' turns pass, and nothing more comes.
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
    expect(taken).toHaveLength(11);
    const [second] = (await slow.next(1)).events;
    expect(second!.position).toBeGreaterThan(first);
    await until(() => taken.length === 12);
    isDone = true;
    quick.drop('the test is over');
    await reading;
  });

  it('lets go of one that takes nothing, and loses it nothing', async () => {
    const last = await add(100);
    const open = openHub({ capacity: 10, patience: 20 });
    const [stuck, quick] = [open(-1n), open(-1n)];
    const first = await stuck.next(1);
    expect(await takeUpTo(quick, last)).toEqual(await stored());
    const rest = await takeUpTo(stuck, last);
    expect([first.events[0]!.position, ...rest]).toEqual(await stored());
  });

  it('subscribes anew, once for all, when the subscription goes silent', async () => {
    const { store } = ledgers;
    const counted = store.subscribe;
    let end: (nothing: undefined) => void;
    const silence: Subscription = {
      next: () => new Promise<undefined>((resolve) => (end = resolve)),
      cancel: () => end(undefined),
    };
    let isFirst = true;
    store.subscribe = (...given) => {
      const subscription = counted(...given);
      if (!isFirst) return subscription;
      isFirst = false;
      subscription.cancel();
      return silence;
    };
    const last = await add(10);
    const open = openHub({ watchdog: 100 });
    const [one, other] = [open(-1n), open(-1n)];
    const taken = await Promise.all([takeUpTo(one, last), takeUpTo(other, last)]);
    store.subscribe = counted;
    expect(taken).toEqual([await stored(), await stored()]);
    expect(subscriptions).toBeGreaterThan(1);
    expect(live()).toBe(1);
  });

  it('ends its subscription with its last reader', async () => {
    const open = openHub();
    const feed = open(await add(1));
    const next = feed.next(1);
    feed.drop('enough');
    await expect(next).rejects.toThrow('enough');
    const again = open(-1n);
    await again.next(1);
    expect(subscriptions).toBe(2);
  });
});
