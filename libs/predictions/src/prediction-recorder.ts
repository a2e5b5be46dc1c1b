/**
 * The recorder: a prediction is on disk before its answer leaves, or there is no answer. Records of concurrent requests
 * share a statement and its commit; a record with an Idempotency-Key has a statement of its own, because the key
 * decides whether it is written.
 */
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { auditErrors, GroupCommit } from '#audit';
import { DATABASE_RETRY_SECONDS, DomainError, isDatabaseUnavailable, Metrics } from '#platform';
import type { PredictionRecord } from './prediction-record.js';
import { predictionErrors } from './predictions.errors.js';
import { RecordRepository, type KeyClaim } from './record.repository.js';

/** Records waiting, at most. */
const CAPACITY = 10_000;
/** Characters of JSON waiting, at most: what bounds memory, and one statement, when records are large. */
const CAPACITY_CHARACTERS = 64 * 1024 * 1024;
const BATCH_SIZE = 500;

function weightOf(record: PredictionRecord): number {
  return record.inputs.length + record.scores.length;
}

@Injectable()
export class PredictionRecorder implements OnApplicationShutdown {
  private readonly logger = new Logger(PredictionRecorder.name);
  private readonly commits: GroupCommit<PredictionRecord>;
  private waiting = 0;
  private waitingCharacters = 0;

  constructor(
    private readonly records: RecordRepository,
    metrics: Metrics,
  ) {
    const flushSeconds = metrics.histogram('latido_recorder_flush_seconds', 'Time to commit one batch of predictions');
    metrics.gauge('latido_recorder_queue', 'Predictions that wait to be recorded', () => this.waiting);
    this.commits = new GroupCommit<PredictionRecord>({
      flush: (batch) => this.records.insertMany(batch),
      capacity: CAPACITY,
      batchSize: BATCH_SIZE,
      onFlush: (_count, seconds) => flushSeconds.observe(seconds),
    });
  }

  /**
   * Resolves when the record is committed.
   * @throws RECORD_OVERLOADED when too much waits, RECORD_UNAVAILABLE when it could not be written; both are 503.
   */
  record(record: PredictionRecord): Promise<void> {
    return this.committing(record, () => this.commits.append(record));
  }

  /**
   * As `record`, together with the key: false, and nothing is written, when a live key of this name is there already.
   */
  recordUnderKey(record: PredictionRecord, claim: KeyClaim): Promise<boolean> {
    return this.committing(record, () => this.records.insertUnderKey(record, claim));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.commits.drain();
  }

  private async committing<T>(record: PredictionRecord, commit: () => Promise<T>): Promise<T> {
    const weight = weightOf(record);
    if (this.waiting >= CAPACITY || this.waitingCharacters + weight > CAPACITY_CHARACTERS) {
      throw new DomainError(auditErrors.RECORD_OVERLOADED, 'Too many answers wait to be recorded.', {
        headers: { 'retry-after': '1' },
      });
    }
    this.waiting += 1;
    this.waitingCharacters += weight;
    try {
      return await commit();
    } catch (error) {
      throw this.refusal(error);
    } finally {
      this.waiting -= 1;
      this.waitingCharacters -= weight;
    }
  }

  private refusal(error: unknown): DomainError {
    if (error instanceof DomainError) return error;
    if (!isDatabaseUnavailable(error)) {
      // Not the error itself: Postgres quotes values in its messages, and these are patients'.
      const { name, code, constraint } = error as { name?: unknown; code?: unknown; constraint?: unknown };
      this.logger.error({ error: name, code, constraint }, 'the database refused to record a prediction');
    }
    return new DomainError(
      predictionErrors.RECORD_UNAVAILABLE,
      'The prediction could not be recorded, so it is not answered.',
      {
        headers: { 'retry-after': String(DATABASE_RETRY_SECONDS) },
      },
    );
  }
}
