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
export { GroupCommit, type GroupCommitOptions } from './group-commit.js';
export { RequestLogEntry } from './request-log.entity.js';
export { RequestLog } from './request-log.js';
export { RequestLogRepository, type Admission, type UsageDay } from './request-log.repository.js';
