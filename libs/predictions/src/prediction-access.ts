/** Who may read a recorded prediction: its owner; auditors and administrators too, and their reading leaves a trace. */
import { Injectable } from '@nestjs/common';
import { actorOf, AuditTrail } from '#audit';
import { DomainError, UUID_PATTERN, type Principal, type RequestOrigin } from '#platform';
import { predictionErrors } from './predictions.errors.js';
import {
  PredictionRepository,
  type RecordedPrediction,
  type RecordedPredictionDetail,
} from './record/prediction.repository.js';

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
