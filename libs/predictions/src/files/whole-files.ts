/**
 * Files that are held in memory and answered as a whole or not at all, for protocols whose answer is one list: all rows are checked
 * before the first is scored. Longer files go through `CsvStreams` or batches.
 */
import { Injectable } from '@nestjs/common';
import type { ServingVersion } from '#models';
import { DomainError, platformErrors, type Principal, type RequestState } from '#platform';
import { EntitlementService, RowBudget } from '#subscriptions';
import { predictionErrors } from '../predictions.errors.js';
import type { PredictionOrigin } from '../record/prediction-record.js';
import { PredictionRecorder } from '../record/prediction-recorder.js';
import { FileScoring, type ReadyChunk, type RowFault } from './file-scoring.js';

/** Files of all users that are received and scored at once, by this process. */
const MOST_OPEN = 16;

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

@Injectable()
export class WholeFiles {
  /** Open files by user. */
  private readonly open = new Map<string, number>();
  private openOfAll = 0;

  constructor(
    private readonly scoring: FileScoring,
    private readonly recorder: PredictionRecorder,
    private readonly rowBudget: RowBudget,
    private readonly entitlements: EntitlementService,
  ) {}

  /**
   * Does `work`, which receives and predicts a file, if the plan admits another one now.
   * @throws STREAMS_EXCEEDED, what `work` throws
   */
  async admitted<T>({ userId }: Principal, work: () => Promise<T>): Promise<T> {
    const { concurrentStreams, plan } = await this.entitlements.of(userId);
    const open = this.open.get(userId) ?? 0;
    if (open >= concurrentStreams || this.openOfAll >= MOST_OPEN) {
      const detail =
        open >= concurrentStreams
          ? `The plan ${plan} admits ${concurrentStreams} files at once.`
          : `The server answers ${MOST_OPEN} files already.`;
      throw new DomainError(predictionErrors.STREAMS_EXCEEDED, detail, { headers: { 'retry-after': '1' } });
    }
    this.open.set(userId, open + 1);
    this.openOfAll += 1;
    try {
      return await work();
    } finally {
      const left = (this.open.get(userId) ?? 1) - 1;
      if (left === 0) this.open.delete(userId);
      else this.open.set(userId, left);
      this.openOfAll -= 1;
    }
  }

  /**
   * Predicts all rows, and records them before it resolves. Where a row is at fault nothing is scored or recorded.
   * @throws FILE_INVALID saying which columns or rows are at fault, PAYLOAD_TOO_LARGE, ROW_BUDGET_EXCEEDED, MODEL_TAKES_NO_FILES
   */
  async predict({ origin, serving, bytes, mostRows, state }: WholeFile): Promise<WholeFileOutcome> {
    const rows = await this.check(serving, bytes, mostRows);
    await this.requireRowsOfDay(origin.principal.userId, rows);
    const ids: string[] = [];
    const labels: string[] = [];
    await this.scoring.run({
      origin,
      serving,
      source: sourceOf(bytes),
      charset: undefined,
      onHeader: () => undefined,
      record: async ({ faults, record }: ReadyChunk) => {
        // A model may compute no number for a row that is valid.
        if (faults.length > 0 || !record) throw rowsInvalid(faults);
        const beganMs = performance.now();
        await this.recorder.record(record);
        state.add('record', performance.now() - beganMs);
      },
      deliver: ({ record }: ReadyChunk) => {
        if (!record?.labels) throw new Error('a classifier answered without a class');
        ids.push(record.id);
        labels.push(...record.labels);
        return Promise.resolve();
      },
    });
    return { ids, labels };
  }

  /** @returns how many rows the file has */
  private async check(serving: ServingVersion, bytes: Buffer, mostRows: number): Promise<number> {
    let count = 0;
    const job = { serving, source: sourceOf(bytes), charset: undefined };
    const faults = await this.scoring.firstFaults(job, new AbortController().signal, (rows) => {
      count = rows;
      if (rows > mostRows)
        throw new DomainError(platformErrors.PAYLOAD_TOO_LARGE, `A file has at most ${mostRows} rows here.`);
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
