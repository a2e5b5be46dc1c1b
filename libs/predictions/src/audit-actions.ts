/** Names of what predictions leave in the audit trail that its vocabulary (`AuditAction` of libs/audit) does not list yet. */
import type { AuditAction } from '#audit';

export const PREDICTION_REPLAYED = 'prediction.replayed' as string as AuditAction;
export const OUTCOME_RECORDED = 'prediction.outcome-recorded' as string as AuditAction;
