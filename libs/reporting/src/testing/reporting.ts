import { Global, Module } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import {
  ACTIVITY_STREAM_PREFIX,
  activitiesEntities,
  activitiesMigrations,
  activitiesProjection,
  activityEventDefinitions,
  type ActivityEvent,
} from '#activities';
import { startTemporaryStores } from '#embedded';
import {
  CreateProjection1700000000000,
  EventRegistry,
  EventStore,
  ProjectionPositions,
  ProjectionRow,
  Projector,
} from '#event-sourcing';
import { CaughtUp, ProblemFilter, validationPipe } from '#http';
import { createDataSource, migrate } from '#postgres';
import { Clock } from '#shared-kernel';
import { DataSource } from 'typeorm';
import { v4 as uuidv4 } from 'uuid';
import { ReportPolicy } from '../report-policy.js';
import { ReportingModule } from '../reporting.module.js';

/** Reports over HTTP on real stores, with events put straight into them and a clock to set. */
export async function startReporting() {
  const stores = await startTemporaryStores();
  const store = EventStore.connect(stores.eventStoreUrl, new EventRegistry(activityEventDefinitions));
  const dataSource = createDataSource(
    stores.databaseUrl,
    [ProjectionRow, ...activitiesEntities],
    [CreateProjection1700000000000, ...activitiesMigrations],
  );
  await migrate(dataSource);
  const clock = { time: '', now: () => new Date(clock.time) };
  let positions: ProjectionPositions;
  let projector: Projector;
  let run: Promise<void>;

  async function startProjecting(batch: number) {
    positions = new ProjectionPositions(stores.databaseUrl);
    await positions.start();
    projector = new Projector({
      databaseUrl: stores.databaseUrl,
      store,
      projection: activitiesProjection,
      prefixes: activitiesProjection.streamPrefixes,
      log: { info: () => undefined, error: () => undefined },
      batch,
    });
    run = projector.run();
  }
  async function stopProjecting() {
    await projector.stop();
    await run;
    await positions.stop();
  }
  await startProjecting(500);
  const caughtUp: CaughtUp = {
    head: async () => (await store.head(activitiesProjection.streamPrefixes))?.position ?? -1n,
    whenCaughtUp: (projection, position, timeout) => positions.whenCaughtUp(projection, position, timeout),
  };

  const provided = [
    { provide: DataSource, useValue: dataSource },
    { provide: Clock, useValue: clock },
    { provide: CaughtUp, useValue: caughtUp },
    { provide: ReportPolicy, useValue: { annualTarget: 20 } },
  ];
  @Global()
  @Module({ providers: provided, exports: provided.map(({ provide }) => provide) })
  class Composition {}
  const testing = await Test.createTestingModule({ imports: [Composition, ReportingModule] }).compile();
  const app = testing.createNestApplication<NestFastifyApplication>(new FastifyAdapter());
  app.useGlobalPipes(validationPipe());
  app.useGlobalFilters(new ProblemFilter());
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  let last = -1n;

  return {
    server: app.getHttpServer(),
    dataSource,
    clock,

    /** Appends to an activity at revision `after`; answers the revision it is at then. */
    async record(
      id: string,
      after: bigint,
      events: readonly ActivityEvent[],
      recordedAt: string,
    ): Promise<bigint> {
      const commandId = uuidv4();
      const metadata = {
        actor: { id: 'staff-1', roles: [] },
        recordedAt,
        commandId,
        commandHash: '',
        $correlationId: commandId,
        $causationId: commandId,
      };
      const added = events.map((event) => ({ id: uuidv4(), event, metadata }));
      const { revision, position } = await store.append(`${ACTIVITY_STREAM_PREFIX}${id}`, after, added);
      if (position > last) last = position;
      return revision;
    },

    /** Waits until everything recorded is in the read model. */
    async projected(): Promise<void> {
      if (!(await positions.whenCaughtUp(activitiesProjection.name, last, 30_000)))
        throw new Error(`the projection did not reach ${last}`);
    },

    /** Makes the read model anew from the events. */
    async rebuild(batch: number): Promise<void> {
      await stopProjecting();
      const tables = [...activitiesProjection.tables.map(({ name }) => name), 'timeline'];
      await dataSource.query(`truncate ${tables.map((name) => `activities.${name}`).join(', ')}`);
      await dataSource.query('update public.projection set position = -1, events = 0, recorded_at = null');
      await startProjecting(batch);
      await this.projected();
    },

    async stop(): Promise<void> {
      await app.close();
      await stopProjecting();
      await dataSource.destroy();
      await store.close();
      await stores.stop();
    },
  };
}

export type Reporting = Awaited<ReturnType<typeof startReporting>>;
