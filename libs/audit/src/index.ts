export { AuditProofDto } from './audit.dto.js';
export { AuditEvent } from './audit-event.entity.js';
export { auditErrors } from './audit.errors.js';
export { AuditModule } from './audit.module.js';
export { actorOf, ANONYMOUS, AuditTrail, SYSTEM, type Actor, type AuditEntry } from './audit-trail.js';
export { AUDIT_ACTIONS, type AuditAction } from './audit-vocabulary.js';
export { AuditKey, kidOf, newAuditKeyPem } from './chain/audit-key.js';
export { Checkpoints, type CheckpointLine } from './chain/checkpoints.js';
export { EventSealer } from './chain/event-sealer.js';
export { HASH_BYTES, leafHash, sha256, sha256Into } from './chain/merkle.js';
export { RecordConnection } from './chain/record-connection.js';
export { SealedLog, type BatchContent, type BatchPlace } from './chain/sealed-log.js';
export { GroupCommit, type GroupCommitOptions } from './group-commit.js';
export { RequestLogEntry } from './request-log.entity.js';
export { RequestLog } from './request-log.js';
export {
  RequestLogRepository,
  type Admission,
  type RequestTimings,
  type RouteMinute,
  type UsageDay,
} from './request-log.repository.js';
export { Acts, MONTH_DROPPED, SUBJECT_ERASED } from './verification/acts.js';
export { eventLeaves } from './verification/event-leaves.js';
export type { Finding, FindingCode } from './verification/finding.js';
export {
  conditionOf,
  LeafSources,
  type Leaf,
  type LeafSelection,
  type LeafSource,
} from './verification/leaf-source.js';
export { KEY_ROTATED } from './verification/trusted-keys.js';
export { verifyRecord, type VerifyOptions, type VerifyReport } from './verification/verify-record.js';
