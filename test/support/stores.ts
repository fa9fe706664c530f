import { startTemporaryStores, type TemporaryStores } from '#embedded';
import { describe, it } from '@jest/globals';

const { EVENTSTOREDB_URL, DATABASE_URL } = process.env;

/** The stores of the caller, when EVENTSTOREDB_URL and DATABASE_URL name both: nothing embedded is started then. */
export const givenStores = EVENTSTOREDB_URL && DATABASE_URL ? { EVENTSTOREDB_URL, DATABASE_URL } : undefined;

/** For tests that kill the stores, own their folder, or count everything in them. Skipped on given stores, by their name. */
export const itEmbedded: typeof it = (givenStores ? it.skip : it) as typeof it;
export const describeEmbedded: typeof describe = (givenStores ? describe.skip : describe) as typeof describe;

/** The given stores, which stay as they are; else embedded ones of the test's own. */
export async function openStores(): Promise<TemporaryStores> {
  if (!givenStores) return startTemporaryStores();
  return {
    eventStoreUrl: givenStores.EVENTSTOREDB_URL,
    databaseUrl: givenStores.DATABASE_URL,
    stop: async () => undefined,
  };
}
