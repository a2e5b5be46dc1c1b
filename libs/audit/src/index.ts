export { AuditEvent } from './audit-event.entity.js';
export { auditErrors } from './audit.errors.js';
export { AuditModule } from './audit.module.js';
export {
  actorOf,
  ANONYMOUS,
  AuditTrail,
  SYSTEM,
  type Actor,
  type AuditAction,
  type AuditEntry,
} from './audit-trail.js';
export { AuditKey, kidOf, newAuditKeyPem } from './chain/audit-key.js';
export { Checkpoints, type CheckpointLine } from './chain/checkpoints.js';
export { EventSealer } from './chain/event-sealer.js';
export { HASH_BYTES, sha256, sha256Into } from './chain/merkle.js';
export { RecordConnection } from './chain/record-connection.js';
export { SealedLog, type BatchContent, type BatchPlace } from './chain/sealed-log.js';
export { GroupCommit, type GroupCommitOptions } from './group-commit.js';
export { RequestLogEntry } from './request-log.entity.js';
export { RequestLog } from './request-log.js';
export { RequestLogRepository, type Admission, type UsageDay } from './request-log.repository.js';
