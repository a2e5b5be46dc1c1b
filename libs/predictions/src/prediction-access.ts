/** Who may read a recorded prediction: its owner; auditors and administrators too, and their reading leaves a trace. */
import { Injectable } from '@nestjs/common';
import { actorOf, AuditTrail } from '#audit';
import { DomainError, platformErrors, UUID_PATTERN, type Principal, type RequestOrigin } from '#platform';
import type { PredictionExport } from './predictions.dto.js';
import { predictionErrors } from './predictions.errors.js';
import {
  PredictionRepository,
  type RecordedPrediction,
  type RecordedPredictionDetail,
} from './record/prediction.repository.js';
import type { PredictionSelection } from './record/prediction-selection.js';

const ROW_NUMBER = /^(0|[1-9]\d{0,8})$/;

@Injectable()
export class PredictionAccess {
  constructor(
    private readonly predictions: PredictionRepository,
    private readonly audit: AuditTrail,
  ) {}

  /** The whole record. @throws PREDICTION_NOT_FOUND, also for another user's; RECORD_DAMAGED */
  async readable(caller: Principal, id: string): Promise<RecordedPredictionDetail> {
    return permitted(caller, UUID_PATTERN.test(id) ? await this.predictions.find(id) : undefined);
  }

  /** The record without its rows. @throws PREDICTION_NOT_FOUND, also for another user's */
  async head(caller: Principal, id: string): Promise<RecordedPrediction> {
    return permitted(caller, UUID_PATTERN.test(id) ? await this.predictions.findHead(id) : undefined);
  }

  /** An audit event for each record that is another user's. */
  async leaveTrace(
    caller: Principal,
    records: readonly Pick<RecordedPrediction, 'id' | 'userId'>[],
    origin: RequestOrigin,
    details: Record<string, unknown> = {},
  ): Promise<void> {
    await this.audit.recordAll(
      records
        .filter((record) => record.userId !== caller.userId)
        .map((record) => ({
          actor: actorOf(caller),
          action: 'prediction.read-by-other',
          target: { type: 'prediction', id: record.id },
          details: { owner: record.userId, ...details },
          origin,
        })),
    );
  }
}

/**
 * What a filter means when this caller names it: among one's own, or among everybody's.
 * @throws FORBIDDEN for a user who names another user
 */
export function selectionFor(caller: Principal, filter: PredictionExport): Omit<PredictionSelection, 'before'> {
  const { userId, model, version, label, subject, from, to } = filter;
  if (!seesAll(caller) && userId !== undefined && userId !== caller.userId) {
    throw new DomainError(
      platformErrors.FORBIDDEN,
      'Only auditors and administrators may ask for predictions of another user.',
    );
  }
  return {
    userId: seesAll(caller) ? userId : caller.userId,
    model,
    version,
    label,
    subject,
    from: from === undefined ? undefined : new Date(from),
    to: to === undefined ? undefined : new Date(to),
  };
}

/** The parts of a selection that say something of what predictions hold: whoever finds others' by them has read that. */
export function foundBy({ subject, label }: Pick<PredictionSelection, 'subject' | 'label'>): string[] {
  return [subject === undefined ? [] : ['subject'], label === undefined ? [] : ['label']].flat();
}

export function seesAll(caller: Principal): boolean {
  return caller.role === 'auditor' || caller.role === 'admin';
}

/** The number of a row as it stands in a URL, counted from 0. @throws PREDICTION_NOT_FOUND where there is no such row */
export function rowIn(record: Pick<RecordedPrediction, 'rowCount'>, row: string): number {
  if (ROW_NUMBER.test(row) && Number(row) < record.rowCount) return Number(row);
  throw notFound();
}

function permitted<Found extends RecordedPrediction>(caller: Principal, record: Found | undefined): Found {
  if (record && (record.userId === caller.userId || seesAll(caller))) return record;
  throw notFound();
}

function notFound(): DomainError {
  return new DomainError(predictionErrors.PREDICTION_NOT_FOUND, 'There is no such prediction.');
}
