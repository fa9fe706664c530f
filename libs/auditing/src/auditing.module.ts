import { Module } from '@nestjs/common';
import { AccessTrail } from './access/access-trail.js';
import { AuditFeed } from './feed/audit-feed.js';
import { AccessesController } from './http/accesses.controller.js';
import { AuditEventsController } from './http/audit-events.controller.js';
import { MerkleSeal } from './seal/merkle-seal.js';

const services = [AccessTrail, AuditFeed, MerkleSeal];

/** What audits need, without HTTP. Needs `EventStore`, `DataSource`, `CaughtUp` and `Clock` from the composition. */
@Module({ providers: services, exports: services })
export class AuditServicesModule {}

/** The record for auditors over HTTP. */
@Module({
  imports: [AuditServicesModule],
  controllers: [AuditEventsController, AccessesController],
})
export class AuditingModule {}
