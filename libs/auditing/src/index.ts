export { AccessTrail } from './access/access-trail.js';
export { auditContext } from './context.js';
export { AuditingModule, AuditServicesModule } from './auditing.module.js';
export type { AuditEvent } from './feed/audit-event.js';
export { AuditFeed, type Asked } from './feed/audit-feed.js';
export { cloudEvent } from './feed/cloud-event.js';
export { eventFilters, type EventFilters } from './feed/filters.js';
export { lines, type Form, type Progress } from './feed/forms.js';
export { AUDIT, auditProjection } from './projections/audit-projection.js';
export { leaf, merkleRootAt, type Seal } from './seal/merkle-root-at.js';
export { MerkleSeal } from './seal/merkle-seal.js';
export { MerkleTree } from './seal/merkle-tree.js';
export * from './verification/faults.js';
export { VerificationWork, type VerificationStatus } from './verification/verifications.js';
export { Verifier } from './verification/verifier.js';
export type {
  Progress as VerificationProgress,
  VerificationResult,
} from './verification/verification-result.js';
export { NotVerifiable } from './verification/row-comparison.js';
