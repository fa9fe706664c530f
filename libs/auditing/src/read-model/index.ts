import { timelineEntity } from '#postgres';
import { CreateAudit1700000005000 } from './create-audit.migration.js';
import { AccessEntity, EventEntity } from './entities.js';

export const auditEntities = [EventEntity, AccessEntity, timelineEntity('audit')];
export const auditMigrations = [CreateAudit1700000005000];
