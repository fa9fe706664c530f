import { Module } from '@nestjs/common';
import { EditionQueries } from '#reporting';
import { AccessTrail } from './access/access-trail.js';
import { AuditFeed } from './feed/audit-feed.js';
import { AccessesController } from './http/accesses.controller.js';
import { AuditEventsController } from './http/audit-events.controller.js';
import { VerificationsController } from './http/verifications.controller.js';
import { MerkleSeal } from './seal/merkle-seal.js';
import { Verifications } from './verification/verifications.js';
import { Verifier } from './verification/verifier.js';

const services = [AccessTrail, AuditFeed, MerkleSeal, Verifier];

/** What audits need, without HTTP. Needs `EventStore`, `DataSource`, `CaughtUp`, `ReadModels` and `Clock` from the composition. */
@Module({ providers: [...services, EditionQueries], exports: services })
export class AuditServicesModule {}

/** The record for auditors over HTTP. Needs also `VerificationWork`. */
@Module({
  imports: [AuditServicesModule],
  providers: [Verifications],
  controllers: [AuditEventsController, AccessesController, VerificationsController],
})
export class AuditingModule {}
