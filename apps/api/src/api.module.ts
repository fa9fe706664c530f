import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { ActivitiesModule } from '#activities';
import { AggregatesModule } from '#aggregates';
import { StoresModule } from '#application';
import type { ConnectedConfig } from '#process';
import { AuditingModule } from '#auditing';
import { DialogueModule } from '#dialogue';
import { ConsistencyGuard, ProblemFilter, validationPipe } from '#http';
import { ImportingModule } from '#importing';
import { PartnershipModule } from '#partnership';
import { ReportingModule } from '#reporting';
import type { Clock } from '#shared-kernel';
import { HealthController } from './operations/health.controller.js';
import { Metrics } from './operations/metrics.js';
import { MetricsController } from './operations/metrics.controller.js';
import { VerificationWorkModule } from './operations/verification-work.module.js';
import { ProjectionsController } from './operations/projections.controller.js';

/** Everything the API serves. A new context adds its module here. */
@Module({})
export class ApiModule {
  static of(config: ConnectedConfig, clock?: Clock): DynamicModule {
    return {
      module: ApiModule,
      imports: [
        StoresModule.connect(config, clock),
        VerificationWorkModule.of(config),
        AggregatesModule,
        ActivitiesModule,
        DialogueModule,
        PartnershipModule,
        ReportingModule,
        ImportingModule,
        AuditingModule,
      ],
      controllers: [HealthController, MetricsController, ProjectionsController],
      providers: [
        Metrics,
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_GUARD, useClass: ConsistencyGuard },
        { provide: APP_PIPE, useFactory: validationPipe },
      ],
    };
  }
}
