import { timelineEntity } from '#postgres';
import { CreateAudit1700000005000 } from './create-audit.migration.js';
import { IndexHeads1700000005100 } from './index-heads.migration.js';
import { AccessEntity, EventEntity, VerificationEntity } from './entities.js';

export const auditEntities = [EventEntity, AccessEntity, VerificationEntity, timelineEntity('audit')];
export const auditMigrations = [CreateAudit1700000005000, IndexHeads1700000005100];
