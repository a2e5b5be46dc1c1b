/**
 * The recorder: a prediction is on disk and sealed before its answer leaves, or there is no answer. Records of concurrent
 * requests share a batch and its commit.
 */
import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { GroupCommit, SealedLog } from '#audit';
import { DATABASE_RETRY_SECONDS, DomainError, isDatabaseUnavailable, Metrics } from '#platform';
import { predictionErrors } from '../predictions.errors.js';
import { claim, type ClaimingRecord, type KeyClaim, type RecordCompanion, type RecordCondition } from './key-claims.js';
import type { PredictionRecord } from './prediction-record.js';
import { ProvenanceRepository } from './provenance.repository.js';
import { RecordEncoder } from './record-encoding.js';
import { isSealed } from './sealed-rows.js';

/** Records that wait or are being written, at most, and their characters of JSON: what bounds memory. */
const CAPACITY = { count: 10_000, weight: 64 * 1024 * 1024 };
const BATCH = { count: 500, weight: 16 * 1024 * 1024 };
/** After so long without a commit a request is told so. */
const PATIENCE_MS = 1_800;

function weightOf({ record }: ClaimingRecord): number {
  if (isSealed(record.rows)) return record.rows.content.length;
  let weight = 0;
  for (const row of record.rows) weight += row.length;
  return weight;
}

@Injectable()
export class PredictionRecorder implements BeforeApplicationShutdown {
  private readonly logger = new Logger(PredictionRecorder.name);
  private readonly commits: GroupCommit<ClaimingRecord>;
  private readonly encoder = new RecordEncoder();

  constructor(
    private readonly log: SealedLog,
    private readonly provenances: ProvenanceRepository,
    metrics: Metrics,
  ) {
    const flushSeconds = metrics.histogram('latido_recorder_flush_seconds', 'Time to commit one batch of predictions');
    const recorded = metrics.counter('latido_recorded_predictions_total', 'Predictions written to the record');
    metrics.gauge('latido_recorder_queue', 'Predictions that wait to be recorded', () => this.commits.depth);
    this.commits = new GroupCommit<ClaimingRecord>({
      flush: (batch) => this.write(batch),
      capacity: CAPACITY,
      batch: BATCH,
      weightOf,
      patienceMs: PATIENCE_MS,
      onStuck: () => this.log.interrupt(),
      onFlush: (count, seconds) => {
        recorded.inc(count);
        flushSeconds.observe(seconds);
      },
    });
  }

  /**
   * Resolves when the record is committed.
   * @throws RECORD_OVERLOADED when too much waits or it waited too long, RECORD_UNAVAILABLE when it could not be written;
   *   both are 503.
   */
  record(record: PredictionRecord, companion?: RecordCompanion): Promise<boolean> {
    return this.commit({ record, claim: undefined, companion });
  }

  /**
   * As `record`, together with the key: false, and nothing is written, when a live key of this name is there already.
   */
  recordUnderKey(record: PredictionRecord, claim: KeyClaim): Promise<boolean> {
    return this.commit({ record, claim });
  }

  /** As `record`, in one transaction with what the condition writes: false, and nothing is written, when it does not hold. */
  recordIf(record: PredictionRecord, condition: RecordCondition): Promise<boolean> {
    return this.commit({ record, claim: undefined, condition });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.commits.drain();
  }

  private commit(entry: ClaimingRecord): Promise<boolean> {
    const { provenance } = entry.record;
    if (this.provenances.isWritten(provenance)) return this.commits.append(entry);
    return this.provenances.write(provenance).then(
      () => this.commits.append(entry),
      (error: unknown) => {
        throw this.refusal(error);
      },
    );
  }

  private async write(batch: readonly ClaimingRecord[]): Promise<ReadonlySet<ClaimingRecord>> {
    let skipped: ReadonlySet<ClaimingRecord> = new Set();
    const claiming = batch.some(({ claim, condition, companion }) => claim ?? condition ?? companion);
    try {
      await this.log.commit({
        before: claiming ? async (client) => void (skipped = await claim(client, batch)) : undefined,
        encode: (place) => {
          const records: PredictionRecord[] = [];
          for (const entry of batch) if (!skipped.has(entry)) records.push(entry.record);
          return records.length > 0 ? this.encoder.encode(records, place) : undefined;
        },
      });
      return skipped;
    } catch (error) {
      throw this.refusal(error);
    }
  }

  private refusal(error: unknown): DomainError {
    if (!isDatabaseUnavailable(error)) {
      // Not the error itself: Postgres quotes values in its messages, and these are patients'.
      const { name, code, constraint } = error as { name?: unknown; code?: unknown; constraint?: unknown };
      this.logger.error({ error: name, code, constraint }, 'the database refused to record predictions');
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
