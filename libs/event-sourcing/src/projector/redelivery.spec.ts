import { setTimeout as rest } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { random, type Random } from '#testing';
import type { EventStore, Subscription } from '../store/event-store.js';
import type { ReadAnswer } from '../store/read-answer.js';
import { ledgerNamed, startLedgers, type Ledgers } from '../testing/projectors.js';

const { FAULTS_SEED = '20261126', FAULTS } = process.env;
const STREAMS = 5;
const APPENDS = FAULTS === 'long' ? 2_000 : 150;

/** What went wrong on the way, so that a test knows that something did. */
interface Met {
  redelivered: number;
  delayed: number;
  dropped: number;
}

/** A store whose subscriptions deliver what came before once more, in any order, late, and break off. */
function unreliable(store: EventStore, next: Random, met: Met): EventStore {
  return Object.assign(Object.create(store) as EventStore, {
    subscribe(prefixes: readonly string[], position: bigint): Subscription {
      const subscription = store.subscribe(prefixes, position);
      const past: ReadAnswer[] = [];
      return {
        cancel: () => subscription.cancel(),
        async next() {
          const answers = await subscription.next();
          if (!answers) return undefined;
          const delivered = [...answers];
          // Only what was delivered before: the order of what is new is the store's promise.
          for (let again = past.length && next(8); again > 0; again--, met.redelivered++)
            delivered.splice(next(delivered.length + 1), 0, past[next(past.length)]!);
          past.push(...answers);
          if (next(3) === 0) {
            met.delayed++;
            await rest(next(20));
          }
          if (next(20) > 0) return delivered;
          met.dropped++;
          if (next(2)) return undefined;
          throw new Error('the connection was reset');
        },
      };
    },
  });
}

describe(`a subscription that repeats, delays and breaks off (FAULTS_SEED=${FAULTS_SEED})`, () => {
  let ledgers: Ledgers;
  beforeAll(async () => {
    ledgers = await startLedgers(['calm', 'beset']);
  });
  afterAll(() => ledgers?.stop());

  it('makes the rows of a clean replay, for one and for several projectors', async () => {
    const next = random(Number(FAULTS_SEED));
    const met: Met = { redelivered: 0, delayed: 0, dropped: 0 };
    const store = unreliable(ledgers.store, next, met);
    for (const batch of [3, 100]) ledgers.start([ledgerNamed('beset')], { store, batch, watchdog: 200 });
    let last = -1n;
    for (let append = 0; append < APPENDS; append++) {
      const amounts = Array.from({ length: 1 + next(9) }, () => 1 + next(100));
      last = await ledgers.add(`${next(4) ? 'ledger' : 'other'}-${next(STREAMS)}`, amounts);
    }
    await ledgers.caughtUp(last, 'beset');
    ledgers.start([ledgerNamed('calm')]);
    await ledgers.caughtUp(last, 'calm');
    const [beset, calm] = [await rowsOf('beset'), await rowsOf('calm')];
    expect(beset).toEqual(calm);
    for (const times of Object.values(met)) expect(times).toBeGreaterThan(0);
  });

  async function rowsOf(name: string): Promise<unknown[]> {
    const { rows: accounts } = await ledgers.sql.query(
      `select * from ${name}.account order by id, from_position`,
    );
    const { rows: checkpoints } = await ledgers.sql.query(
      'select events::int from public.projection where name = $1',
      [name],
    );
    return [...accounts, ...checkpoints] as unknown[];
  }
});
