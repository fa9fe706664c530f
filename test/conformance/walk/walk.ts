import type { EventStoreDBClient } from '@eventstore/db-client';
import { Ground } from './ground.js';
import { Random } from './random.js';
import { Reads } from './reads.js';
import { Subscriptions } from './subscriptions.js';
import { Writes } from './writes.js';

export interface WalkOptions {
  readonly client: EventStoreDBClient;
  readonly seed: number;
  readonly operations: number;
  /** Others may write into the store, too. */
  readonly shared: boolean;
}

/**
 * Does the same operations on the store and on the model, and compares each answer.
 * @throws Error that names the seed, the operation and those before it on the same stream, at the first difference
 */
export async function walk({ client, seed, operations, shared }: WalkOptions): Promise<void> {
  const random = new Random(seed);
  const ground = new Ground(client, random, shared);
  const writes = new Writes(ground);
  const reads = new Reads(ground);
  const subscriptions = new Subscriptions(ground, reads);
  const kinds = [
    [380, () => writes.append()],
    [40, () => writes.burst()],
    [45, () => writes.delete()],
    [15, () => writes.tombstone()],
    [70, () => writes.setMetadata()],
    [170, () => reads.stream()],
    [80, () => reads.all()],
    [60, () => reads.metadata()],
    [50, () => subscriptions.toStream()],
    [30, () => subscriptions.toAll()],
    [60, () => subscriptions.check()],
  ] as const;

  let operation = 0;
  try {
    await ground.begin();
    while (operation < operations) {
      operation++;
      await random.weighted(kinds)();
    }
    await subscriptions.checkAll();
    await reads.everything();
  } catch (error) {
    const replay = `WALK_SEED=${seed} WALK_OPERATIONS=${operation}`;
    throw new Error(
      `${replay}: operation ${operation} differs: ${(error as Error).message}\nthe last on the stream:\n${ground.lately()}`,
      { cause: error },
    );
  }
}
