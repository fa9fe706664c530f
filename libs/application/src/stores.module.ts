import { Global, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { ActivityPolicy } from '#activities';
import { AccessTrail, MerkleSeal } from '#auditing';
import { CommandExecutor, EventStore, ProjectionPositions, ReadModels } from '#event-sourcing';
import { AccessLog, CaughtUp } from '#http';
import { createDataSource } from '#postgres';
import { ReportPolicy, StateSeal } from '#reporting';
import { Clock } from '#shared-kernel';
import { DataSource } from 'typeorm';
import type { ConnectedConfig } from '#process';
import { entities, eventRegistry, migrations, projections, streamPrefixes, summaries } from './context.js';
import { ProjectionCommands } from './projections/projection-commands.js';
import { ProjectionStatuses } from './projections/projection-statuses.js';

/** The stores and policies that every context relies on, one of each in a process. */
@Global()
@Module({})
export class StoresModule implements OnApplicationShutdown {
  constructor(
    private readonly store: EventStore,
    private readonly dataSource: DataSource,
    private readonly positions: ProjectionPositions,
  ) {}

  static connect(config: ConnectedConfig, clock: Clock = { now: () => new Date() }): DynamicModule {
    return {
      module: StoresModule,
      providers: [
        { provide: Clock, useValue: clock },
        { provide: EventStore, useFactory: () => EventStore.connect(config.EVENTSTOREDB_URL, eventRegistry) },
        {
          provide: CommandExecutor,
          inject: [EventStore],
          useFactory: (store: EventStore) => new CommandExecutor(store),
        },
        {
          provide: DataSource,
          useFactory: () => createDataSource(config.DATABASE_URL, entities, migrations).initialize(),
        },
        {
          provide: ProjectionPositions,
          useFactory: async () => {
            const positions = new ProjectionPositions(config.DATABASE_URL);
            await positions.start();
            return positions;
          },
        },
        {
          provide: CaughtUp,
          inject: [ProjectionPositions, EventStore],
          useFactory: (positions: ProjectionPositions, store: EventStore) =>
            new CaughtUp(store, streamPrefixes, positions),
        },
        {
          provide: ActivityPolicy,
          useValue: { fourEyes: config.FOUR_EYES, partnerCountry: config.PARTNER_COUNTRY },
        },
        { provide: ReadModels, useValue: { projections, summaries, streamPrefixes } },
        ProjectionStatuses,
        ProjectionCommands,
        { provide: ReportPolicy, useValue: { annualTarget: config.ANNUAL_TARGET } },
        {
          provide: AccessLog,
          inject: [DataSource, Clock],
          useFactory: (dataSource: DataSource, clock: Clock): AccessLog => new AccessTrail(dataSource, clock),
        },
        {
          provide: StateSeal,
          inject: [DataSource, CaughtUp],
          useFactory: (dataSource: DataSource, caughtUp: CaughtUp): StateSeal =>
            new MerkleSeal(dataSource, caughtUp),
        },
      ],
      exports: [
        Clock,
        EventStore,
        CommandExecutor,
        DataSource,
        ProjectionPositions,
        CaughtUp,
        ActivityPolicy,
        ReadModels,
        ProjectionStatuses,
        ProjectionCommands,
        ReportPolicy,
        StateSeal,
        AccessLog,
      ],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.positions.stop();
    await this.dataSource.destroy();
    await this.store.close();
  }
}
