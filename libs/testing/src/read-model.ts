import { startTemporaryStores } from '#embedded';
import { CaughtUp } from '#http';
import {
  commandEventDefinitions,
  EventRegistry,
  EventStore,
  projectionEntities,
  projectionMigrations,
  ProjectionPositions,
  Projectors,
  streamPrefixesOf,
  tablesOf,
  uuidv5,
  type Context,
  type Sql,
} from '#event-sourcing';
import { createDataSource, migrate } from '#postgres';
import type { DomainEvent } from '#shared-kernel';
import type { QueryResult } from 'pg';
import { idOf } from './ids.js';

/** Real stores with the tables of some contexts, and events put straight into them. No projector runs until started. */
export async function startReadModel(...contexts: readonly Context[]) {
  const stores = await startTemporaryStores();
  const store = EventStore.connect(
    stores.eventStoreUrl,
    new EventRegistry(commandEventDefinitions, ...contexts.map(({ events }) => events)),
  );
  const dataSource = createDataSource(
    stores.databaseUrl,
    [...projectionEntities, ...contexts.flatMap(({ entities }) => entities)],
    [...projectionMigrations, ...contexts.flatMap(({ migrations }) => migrations)],
  );
  await migrate(dataSource);
  const projections = contexts.flatMap((context) => context.projections);
  const summaries = contexts.flatMap((context) => context.summaries ?? []);
  const prefixes = streamPrefixesOf(contexts);
  let positions = new ProjectionPositions(stores.databaseUrl);
  await positions.start();
  let running: Projectors | undefined;
  let commands = 0;
  let last = -1n;

  function startProjectors(batch = 500) {
    const log = { info: () => undefined, error: () => undefined };
    const { databaseUrl } = stores;
    running = new Projectors({ databaseUrl, store, projections, summaries, prefixes, log, batch });
    running.start();
  }

  async function stopProjectors() {
    await running?.stop();
    running = undefined;
  }

  return {
    store,
    dataSource,
    caughtUp: new CaughtUp(store, prefixes, {
      whenCaughtUp: (projection, position, timeout) => positions.whenCaughtUp(projection, position, timeout),
    }),
    startProjectors,
    stopProjectors,

    /** Empties the tables and fills them again from the first event. */
    async rebuild(batch: number) {
      await stopProjectors();
      const tables = projections.flatMap((projection) => tablesOf(projection, summaries));
      await dataSource.query(`truncate ${tables.join(', ')}`);
      await dataSource.query('update public.projection set position = -1, events = 0, recorded_at = null');
      await positions.stop();
      positions = new ProjectionPositions(stores.databaseUrl);
      await positions.start();
      startProjectors(batch);
    },

    /** Appends to a stream what one command decided; answers the position of its last event. */
    async record(
      stream: string,
      events: readonly DomainEvent[],
      recordedAt: string,
      actor = 'staff-1',
    ): Promise<bigint> {
      const commandId = idOf(`command ${commands++}`);
      const newest = (await store.readStream(stream)).at(-1);
      const metadata = {
        actor: { id: actor, roles: [] },
        recordedAt,
        commandId,
        commandHash: '',
        $correlationId: commandId,
        $causationId: commandId,
      };
      const { position } = await store.append(
        stream,
        newest?.revision ?? -1n,
        events.map((event, ordinal) => ({ id: uuidv5(String(ordinal), commandId), event, metadata })),
        newest?.metadata.hash,
      );
      if (position > last) last = position;
      return position;
    },

    /** Waits until every projection has applied everything up to the position; without one, all that was recorded here. */
    async projected(position = last): Promise<void> {
      for (const { name } of projections) {
        if (!(await positions.whenCaughtUp(name, position, 30_000)))
          throw new Error(`${name} did not reach ${position}`);
      }
    },

    /** Waits until every summary is made of all that is projected. */
    async summarized(): Promise<void> {
      const sql = {
        query: async (text: string, values?: unknown[]) =>
          ({ rows: await dataSource.query<unknown[]>(text, values) }) as QueryResult,
      } as Sql;
      for (const summary of summaries)
        while (await summary.isDue(sql, summary.of)) await new Promise(setImmediate);
    },

    async stop() {
      await stopProjectors();
      await positions.stop();
      await dataSource.destroy();
      await store.close();
      await stores.stop();
    },
  };
}

export type ReadModel = Awaited<ReturnType<typeof startReadModel>>;
