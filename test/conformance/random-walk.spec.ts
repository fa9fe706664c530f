import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { openStore, type OpenStore } from './open-store.js';
import { walk } from './walk/walk.js';
import { IS_LONG } from '../support/setting.js';

const seed = Number(process.env.WALK_SEED ?? 1);
const operations = Number(process.env.WALK_OPERATIONS ?? (IS_LONG ? 10_000 : 6_000));

let store: OpenStore;
beforeAll(async () => void (store = await openStore()));
afterAll(() => store.close());

describe('a random walk', () => {
  it(
    `of ${operations} operations (seed ${seed}) meets a plain model of the store in every answer`,
    () =>
      walk({ client: store.client, seed, operations, shared: process.env.EVENTSTOREDB_URL !== undefined }),
    60_000 + 60 * operations,
  );
});
