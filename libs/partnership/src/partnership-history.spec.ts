import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { idOf, random, toldStates } from '#testing';
import { partnershipContext } from './context.js';
import { startPartnershipApi, type PartnershipApi } from './testing/partnership-api.js';
import { randomHistories } from './testing/random-history.js';

const SEED = 20_261_203;
const paths = { 'document-': 'documents', 'goal-': 'goals', 'contribution-': 'contributions' } as const;

describe('the history of a partnership record', () => {
  let api: PartnershipApi;
  const types = new Set<string>();

  beforeAll(async () => {
    api = await startPartnershipApi();
  });
  afterAll(async () => {
    await api?.stop();
    // Every event of the context had its turn.
    expect([...types].sort()).toEqual(Object.keys(partnershipContext.events).sort());
  });

  it.each(['document-', 'goal-', 'contribution-'] as const)(
    `tells every change of random ones, and every state by its revision: %s (seed ${SEED})`,
    async (prefix) => {
      const next = random(SEED);
      for (let n = 0; n < 10; n++) {
        const id = idOf(`random ${n}`);
        const events = randomHistories[prefix](id, 40, next).flat();
        for (const { type } of events) types.add(type);
        const told = {
          stream: `${prefix}${id}`,
          path: `/${paths[prefix]}/${id}`,
          events,
          related: ['activities'],
        };
        for (const { then, byRevision, said, changed } of await toldStates(api.model, api.get, told)) {
          expect(byRevision).toEqual(then);
          expect(changed).toEqual(said);
        }
      }
    },
    120_000,
  );
});
