/**
 * Files that are held in memory and answered as a whole or not at all, for protocols whose answer is one list: all rows are checked
 * before the first is scored, and scored before the first is recorded. Longer files go through `CsvStreams` or batches.
 */
import { Injectable } from '@nestjs/common';
import type { ServingVersion } from '#models';
import { DomainError, platformErrors, type RequestState } from '#platform';
import { EntitlementService, RowBudget, type RowReservation } from '#subscriptions';
import { predictionErrors } from '../predictions.errors.js';
import type { PredictionOrigin, PredictionRecord } from '../record/prediction-record.js';
import { PredictionRecorder } from '../record/prediction-recorder.js';
import { enterStreams } from '../tallies/scored-files.js';
import { FileScoring, type RowFault } from './file-scoring.js';

export interface WholeFile {
  readonly origin: PredictionOrigin;
  /** A classifier. */
  readonly serving: ServingVersion;
  readonly bytes: Buffer;
  readonly mostRows: number;
  /** Told how long recording took. */
  readonly state: RequestState;
}

export interface WholeFileOutcome {
  /** Of the predictions as they are recorded, in the order of the rows: a file of many rows is several. */
  readonly ids: readonly string[];
  /** The class of each row. */
  readonly labels: readonly string[];
}

/** Ends what is said of a file with too many rows or bytes to be answered as a whole. */
export const SEND_LONGER_ONES = 'Send longer ones to /v1/models/{model}/batches.';

/** A chunk that waits for the others before it is recorded. */
interface ComputedChunk {
  readonly record: PredictionRecord;
  readonly labels: readonly string[];
  readonly reservation: RowReservation;
}

@Injectable()
export class WholeFiles {
  constructor(
    private readonly scoring: FileScoring,
    private readonly recorder: PredictionRecorder,
    private readonly rowBudget: RowBudget,
    private readonly entitlements: EntitlementService,
  ) {}

  /**
   * Predicts all rows, and records them before it resolves. Where a row is at fault, also one for which the model computes no number,
   * nothing is recorded.
   * @throws FILE_INVALID saying which columns or rows are at fault, PAYLOAD_TOO_LARGE, ROW_BUDGET_EXCEEDED, MODEL_TAKES_NO_FILES
   */
  async predict({ origin, serving, bytes, mostRows, state }: WholeFile): Promise<WholeFileOutcome> {
    const rows = await this.check(serving, bytes, mostRows);
    await this.requireRowsOfDay(origin.principal.userId, rows);
    const computed: ComputedChunk[] = [];
    try {
      await this.scoring.run({
        origin,
        serving,
        source: sourceOf(bytes),
        charset: undefined,
        onHeader: () => undefined,
        record: async ({ faults, record, reservation }) => {
          if (faults.length > 0 || !record) throw rowsInvalid(faults);
          if (!record.labels) throw new Error('a classifier answered without a class');
          computed.push({ record, labels: record.labels, reservation });
          // Its rows of the day are kept for it.
          return true;
        },
        deliver: () => Promise.resolve(),
      });
    } catch (error) {
      for (const { reservation } of computed) this.rowBudget.release(reservation);
      throw error;
    }
    const beganMs = performance.now();
    await this.record(computed);
    state.add('record', performance.now() - beganMs);
    return { ids: computed.map(({ record }) => record.id), labels: computed.flatMap(({ labels }) => labels) };
  }

  /** Together, so that they share a commit unless so many others wait that it is full. @throws as `PredictionRecorder.record` */
  private async record(computed: readonly ComputedChunk[]): Promise<void> {
    const outcomes = await Promise.allSettled(computed.map(({ record }) => this.recorder.record(record, enterStreams)));
    for (const [index, outcome] of outcomes.entries())
      if (outcome.status === 'rejected') this.rowBudget.release(computed[index]!.reservation);
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason as Error;
  }

  /** @returns how many rows the file has */
  private async check(serving: ServingVersion, bytes: Buffer, mostRows: number): Promise<number> {
    let count = 0;
    const job = { serving, source: sourceOf(bytes), charset: undefined };
    const faults = await this.scoring.firstFaults(job, new AbortController().signal, (rows) => {
      count = rows;
      if (rows > mostRows)
        throw new DomainError(
          platformErrors.PAYLOAD_TOO_LARGE,
          `A file has at most ${mostRows} rows here. ${SEND_LONGER_ONES}`,
        );
    });
    if (faults.length > 0) throw rowsInvalid(faults);
    return count;
  }

  /** Its rows are reserved chunk by chunk; a file that the day has no room for is refused before the first. */
  private async requireRowsOfDay(userId: string, rows: number): Promise<void> {
    const { rowsPerDay } = await this.entitlements.of(userId);
    this.rowBudget.release(await this.rowBudget.reserve(userId, rows, rowsPerDay));
  }
}

async function* sourceOf(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

function rowsInvalid(faults: readonly RowFault[]): DomainError {
  const detail = faults.map(({ row, detail: what }) => `Row ${row}: ${what}.`).join(' ');
  return new DomainError(predictionErrors.FILE_INVALID, detail);
}
