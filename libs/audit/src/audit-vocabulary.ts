/** The words of audit events. */

/** Everything that leaves an event. Subject and verb. */
export const AUDIT_ACTIONS = [
  'user.registered',
  'user.invited',
  'user.updated',
  'user.role-changed',
  'user.status-changed',
  'user.password-changed',
  'user.password-reset',
  'session.started',
  'session.refused',
  'session.refresh-reused',
  'session.revoked',
  'session.revoked-everywhere',
  'api-key.created',
  'api-key.revoked',
  'plan.changed',
  'subscription.changed',
  'model-version.registered',
  'model-version.rejected',
  'model-version.activated',
  'model-version.rolled-back',
  'model-version.retired',
  'model-version.restored',
  'model-version.deleted',
  'model-policy.changed',
  'model-traffic.changed',
  'legacy-lab.model-chosen',
  'prediction.read-by-other',
  'batch.read-by-other',
  'prediction.replayed',
  'prediction.outcome-recorded',
  'subject.erased',
  'record.month-dropped',
  'audit.key-rotated',
  'record.backed-up',
  'record.restored',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** What events are about. */
export const AUDIT_TARGET_TYPES = [
  'user',
  'plan',
  'api-key',
  'session',
  'model',
  'model-version',
  'prediction',
  'batch',
  'record',
] as const;
export type AuditTargetType = (typeof AUDIT_TARGET_TYPES)[number];

/** Who acts: somebody signed in, one of their keys, the server itself or an operator, somebody who has not signed in. */
export const ACTOR_KINDS = ['user', 'api-key', 'system', 'anonymous'] as const;
export type ActorKind = (typeof ACTOR_KINDS)[number];
