import { randomUUID } from 'node:crypto';
import { startTemporaryStores } from '#embedded';
import pg from 'pg';
import { projectionStatuses } from '../projector/lag.js';
import { ProjectionPositions } from '../projector/projection-positions.js';
import { projectionMigrations } from '../projector/projection-tables.js';
import type { Projection } from '../projector/projection.js';
import { Projectors, type ProjectorsOptions } from '../projector/projectors.js';
import type { EventRegistry } from '../store/event-registry.js';
import { EventStore } from '../store/event-store.js';
import { ledgerProjection, ledgerRegistry, ledgerTables } from './ledger.js';

/** Accounts of the ledger that also end up in a schema of another name. */
export const ledgerNamed = (name: string, changes: Partial<Projection> = {}): Projection => ({
  ...ledgerProjection,
  name,
  ...changes,
});

/** Real stores with ledgers of these names, and projectors over them as processes of their own would be. */
export async function startLedgers(names: readonly string[], registry: EventRegistry = ledgerRegistry) {
  const stores = await startTemporaryStores();
  const store = EventStore.connect(stores.eventStoreUrl, registry);
  const sql = new pg.Client(stores.databaseUrl);
  await sql.connect();
  const runner = { query: (text: string) => sql.query(text) } as never;
  for (const Migration of projectionMigrations) await new Migration().up(runner);
  for (const name of names)
    for (const statement of ledgerTables) await sql.query(statement.replaceAll(/\bledger\b/g, name));
  const positions = new ProjectionPositions(stores.databaseUrl);
  await positions.start();
  const prefixes = ['ledger-', 'other-'];
  const running = new Set<Projectors>();

  async function stopAll() {
    await Promise.all([...running].map((projectors) => projectors.stop()));
    running.clear();
  }

  return {
    stores,
    store,
    sql,
    positions,
    stopAll,
    /** Begins to follow, as another process would. */
    start(projections: readonly Projection[], changes: Partial<ProjectorsOptions> = {}): Projectors {
      const projectors = new Projectors({
        ...{ databaseUrl: stores.databaseUrl, store, projections, prefixes, retryDelay: 1 },
        log: { info: () => undefined, error: () => undefined },
        ...changes,
      });
      running.add(projectors);
      projectors.start();
      return projectors;
    },
    /** Appends one event an amount; answers the position of the last. */
    async add(stream: string, amounts: readonly number[]): Promise<bigint> {
      const events = await store.readStream(stream);
      const id = randomUUID();
      const metadata = {
        ...{ actor: { id: 'staff-1', roles: [] }, recordedAt: new Date().toISOString() },
        ...{ commandId: id, commandHash: '', $correlationId: id, $causationId: id },
      };
      const added = amounts.map((amount) => {
        const event = { type: 'Added', data: { amount } };
        return { id: randomUUID(), event, metadata };
      });
      return (await store.append(stream, events.at(-1)?.revision ?? -1n, added)).position;
    },
    /** @throws when a projection does not come to the position */
    async caughtUp(position: bigint, ...projections: readonly string[]): Promise<void> {
      for (const name of projections.length > 0 ? projections : names)
        if (!(await positions.whenCaughtUp(name, position, 20_000)))
          throw new Error(`${name} did not reach ${position}`);
    },
    /** Current sum of an account in one of the ledgers. */
    async sumIn(name: string, id: string): Promise<number | undefined> {
      const { rows } = await sql.query(
        `select sum::int from ${name}.account where id = $1 and to_position = 9223372036854775807`,
        [id],
      );
      return (rows[0] as { sum: number } | undefined)?.sum;
    },
    async statusOf(name: string) {
      const all = await projectionStatuses(sql, store, prefixes, Date.now());
      return all.find((status) => status.name === name)!;
    },
    async stop() {
      await stopAll();
      await positions.stop();
      await sql.end();
      await store.close();
      await stores.stop();
    },
  };
}

export type Ledgers = Awaited<ReturnType<typeof startLedgers>>;

/** Waits for a condition, looking again after other work had its turn. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise(setImmediate);
}
