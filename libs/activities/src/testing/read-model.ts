import { startTemporaryStores } from '#embedded';
import {
  commandEventDefinitions,
  CreateProjection1700000000000,
  EventRegistry,
  EventStore,
  ProjectionPositions,
  ProjectionRow,
  Projector,
} from '#event-sourcing';
import { createDataSource, migrate } from '#postgres';
import { v5 as uuidv5 } from 'uuid';
import { activityEventDefinitions, activityStream, type ActivityEvent } from '../domain/events.js';
import { activitiesProjection } from '../projections/activities-projection.js';
import { activitiesEntities, activitiesMigrations } from '../read-model/index.js';

const TESTS = '7f1d3c0e-4f0e-5c7b-9a55-2d5a0f0b9c11';

/** A UUID that the name always gives. */
export const idOf = (name: string): string => uuidv5(name, TESTS);

/** Real stores with the activities' tables, and events put straight into them. */
export async function startReadModel() {
  const stores = await startTemporaryStores();
  const store = EventStore.connect(
    stores.eventStoreUrl,
    new EventRegistry(commandEventDefinitions, activityEventDefinitions),
  );
  const dataSource = createDataSource(
    stores.databaseUrl,
    [ProjectionRow, ...activitiesEntities],
    [CreateProjection1700000000000, ...activitiesMigrations],
  );
  await migrate(dataSource);
  let positions = new ProjectionPositions(stores.databaseUrl);
  await positions.start();
  let running: { projector: Projector; run: Promise<void> } | undefined;
  let commands = 0;

  function startProjector(batch = 500) {
    const projector = new Projector({
      databaseUrl: stores.databaseUrl,
      store,
      projection: activitiesProjection,
      prefixes: activitiesProjection.streamPrefixes,
      log: { info: () => undefined, error: () => undefined },
      batch,
    });
    running = { projector, run: projector.run() };
  }

  async function stopProjector() {
    await running?.projector.stop();
    await running?.run;
    running = undefined;
  }

  return {
    store,
    dataSource,
    caughtUp: {
      head: async () => (await store.head(activitiesProjection.streamPrefixes))?.position ?? -1n,
      whenCaughtUp: (projection: string, position: bigint, timeout: number) =>
        positions.whenCaughtUp(projection, position, timeout),
    },
    startProjector,

    /** Empties the tables and fills them again from the first event. */
    async rebuild(batch: number) {
      await stopProjector();
      const tables = [...activitiesProjection.tables.map(({ name }) => name), 'timeline'];
      await dataSource.query(`truncate ${tables.map((name) => `activities.${name}`).join(', ')}`);
      await dataSource.query('update public.projection set position = -1, events = 0, recorded_at = null');
      await positions.stop();
      positions = new ProjectionPositions(stores.databaseUrl);
      await positions.start();
      startProjector(batch);
    },

    /** Appends to an activity what one command decided; answers the position of its last event. */
    async record(activityId: string, events: readonly ActivityEvent[], recordedAt: string): Promise<bigint> {
      const stream = activityStream(activityId);
      const commandId = idOf(`command ${commands++}`);
      const last = (await store.readStream(stream)).at(-1);
      const metadata = {
        actor: { id: 'staff-1', roles: [] },
        recordedAt,
        commandId,
        commandHash: '',
        $correlationId: commandId,
        $causationId: commandId,
      };
      const { position } = await store.append(
        stream,
        last?.revision ?? -1n,
        events.map((event, ordinal) => ({ id: uuidv5(String(ordinal), commandId), event, metadata })),
      );
      return position;
    },

    async projected(position: bigint): Promise<void> {
      if (!(await positions.whenCaughtUp(activitiesProjection.name, position, 30_000)))
        throw new Error(`the projection did not reach ${position}`);
    },

    async stop() {
      await stopProjector();
      await positions.stop();
      await dataSource.destroy();
      await store.close();
      await stores.stop();
    },
  };
}

export type ReadModel = Awaited<ReturnType<typeof startReadModel>>;
