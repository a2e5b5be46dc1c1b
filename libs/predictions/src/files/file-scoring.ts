/**
 * A file from its bytes to its answer: a thread reads, this one scores and records, the thread writes, and what is recorded is handed
 * out. Several chunks are on their way at once; all of them stay in their order.
 */
import { Injectable } from '@nestjs/common';
import type { ServingVersion } from '#models';
import { newId } from '#platform';
import { EntitlementService, RowBudget, type RowReservation } from '#subscriptions';
import type { PredictionOrigin, PredictionRecord } from '../record/prediction-record.js';
import { provenanceOf } from '../record/provenance.js';
import { ChunkScorer, type ScoredRows } from './chunk-scorer.js';
import type { FilePlan } from './csv/file-plan.js';
import { filePlanOf, type ResultColumnsOf } from './file-plan-of.js';
import { FileThreads, type FileSession, type WrittenAnswer } from './thread/file-threads.js';
import type { TypedChunk } from './thread/thread-messages.js';

/** Chunks on their way, of one file. */
const MOST_PENDING = 6;
/** Rows at fault that are named. */
const MOST_FAULTS = 20;

/** A chunk that is ready to be recorded. */
export interface ReadyChunk {
  readonly number: number;
  /** Of its rows in the file. */
  readonly bytes: number;
  /** Rows of the answer, without its header. */
  readonly csv: Uint8Array;
  /** Undefined where no row could be scored. */
  readonly record: PredictionRecord | undefined;
  readonly rows: number;
  readonly rejected: number;
  /** The first rows at fault. */
  readonly faults: readonly RowFault[];
  /** Rows of the user's day that it takes if it is recorded. */
  readonly reservation: RowReservation;
}

export interface RowFault {
  /** Of the file, from 1, the header not counted. */
  readonly row: number;
  readonly detail: string;
}

export interface FileJob {
  readonly origin: PredictionOrigin;
  readonly serving: ServingVersion;
  readonly source: AsyncIterable<Buffer>;
  /** As the client names it. */
  readonly charset: string | undefined;
  /** Columns that the answer has beside those of the file; left out: those of /v1. */
  readonly columns?: ResultColumnsOf | undefined;
  /** Chunks before this one are read and forgotten: they were done before. */
  readonly from?: number;
  /** Told before the first chunk. */
  readonly onHeader: (text: string) => void;
  /**
   * Records a chunk: true where it is, else its rows of the day are handed back. Called in the order of the chunks, the next one before
   * this one's promise is settled.
   */
  readonly record: (chunk: ReadyChunk) => Promise<unknown>;
  /** Told when a chunk and all before it are recorded, also where a later one fails; the next ones wait for it. */
  readonly deliver: (chunk: ReadyChunk) => Promise<void>;
}

@Injectable()
export class FileScoring {
  constructor(
    private readonly threads: FileThreads,
    private readonly rowBudget: RowBudget,
    private readonly entitlements: EntitlementService,
  ) {}

  /**
   * Resolves when all of the file was delivered; rejects when all before what failed was.
   * @throws FILE_INVALID, MODEL_TAKES_NO_FILES, ROW_BUDGET_EXCEEDED; what `source`, `record` and `deliver` throw
   */
  async run(job: FileJob): Promise<void> {
    const plan = filePlanOf(job.serving, job.charset, job.columns);
    const session = this.threads.open(plan);
    const line = new AssemblyLine(
      job,
      (reservation) => this.release(reservation),
      (error) => session.stop(error),
    );
    // Not waited for: where the file fails, its sender may go on as it likes.
    feed(session, job.source, line).catch((error: unknown) => session.stop(error));
    try {
      const scorer = new ChunkScorer(job.serving, plan);
      for (let chunk = await session.next(); chunk; chunk = await session.next()) {
        if (chunk.number === 0) job.onHeader(session.headerText);
        if (chunk.number < (job.from ?? 0)) {
          session.skip(chunk.number);
          continue;
        }
        line.add(this.prepare(job, session, scorer, plan, chunk));
        await line.room();
      }
      await line.end();
    } catch (error) {
      throw await line.failed(error);
    } finally {
      session.close();
    }
  }

  /**
   * The first rows at fault, of the first chunk that has any; none where all rows could be scored. Nothing is scored.
   * @param onRows told how many rows were read so far; what it throws ends the reading
   * @throws FILE_INVALID, MODEL_TAKES_NO_FILES, what `source` throws
   */
  async firstFaults(
    { serving, source, charset }: Pick<FileJob, 'serving' | 'source' | 'charset'>,
    stop: AbortSignal,
    onRows?: (rows: number) => void,
  ): Promise<readonly RowFault[]> {
    const plan = filePlanOf(serving, charset);
    const session = this.threads.open(plan);
    const scorer = new ChunkScorer(serving, plan);
    feed(session, source).catch((error: unknown) => session.fail(error as Error));
    try {
      for (let chunk = await session.next(); chunk; chunk = await session.next()) {
        stop.throwIfAborted();
        session.skip(chunk.number);
        onRows?.(chunk.first + chunk.count);
        const { faults } = await scorer.validate(chunk);
        if (faults.size > 0) return firstOf(faults, chunk.first);
      }
      return [];
    } finally {
      session.close();
    }
  }

  private async prepare(
    job: FileJob,
    session: FileSession,
    scorer: ChunkScorer,
    plan: FilePlan,
    chunk: TypedChunk,
  ): Promise<ReadyChunk> {
    const valid = await scorer.validate(chunk);
    const { userId } = job.origin.principal;
    const { rowsPerDay } = this.entitlements.peek(userId) ?? (await this.entitlements.of(userId));
    const reservation = await this.rowBudget.reserve(userId, valid.rows.length, rowsPerDay);
    try {
      const scored = await scorer.score(valid);
      const recordId = newId();
      const written = await session.write(chunk.number, { ...scored, recordId });
      const taken = { ...reservation, rows: written.rows.length };
      const ready = this.ready(job, plan, chunk, scored, written, recordId, taken);
      // Rows for which the model computes no number are not recorded.
      this.release({ ...reservation, rows: reservation.rows - taken.rows });
      return ready;
    } catch (error) {
      this.release(reservation);
      throw error;
    }
  }

  private release(reservation: RowReservation): void {
    if (reservation.rows > 0) this.rowBudget.release(reservation);
  }

  private ready(
    { origin, serving }: FileJob,
    plan: FilePlan,
    { number, first, count, bytes, subjects }: TypedChunk,
    { faults, labels }: ScoredRows,
    { csv, rows }: WrittenAnswer,
    id: string,
    reservation: RowReservation,
  ): ReadyChunk {
    const { principal, admission, requestId } = origin;
    const record: PredictionRecord = {
      id,
      userId: principal.userId,
      apiKeyId: principal.apiKeyId,
      admissionId: admission.id,
      provenance: provenanceOf(serving),
      requestId,
      rows,
      subjects: subjects ? subjects.filter((_, row) => !faults.has(row)) : null,
      labels: plan.classes.length > 0 ? Array.from(labels, (label) => plan.classes[label]!) : null,
    };
    return {
      number,
      bytes,
      csv,
      record: rows.length > 0 ? record : undefined,
      rows: count,
      rejected: count - rows.length,
      faults: firstOf(faults, first),
      reservation,
    };
  }
}

function firstOf(faults: ReadonlyMap<number, string>, first: number): RowFault[] {
  return [...faults]
    .sort(([a], [b]) => a - b)
    .slice(0, MOST_FAULTS)
    .map(([place, detail]) => ({ row: first + place + 1, detail }));
}

/** Hands the file's bytes to its thread, as fast as its chunks go on. */
async function feed(session: FileSession, source: AsyncIterable<Buffer>, line?: AssemblyLine): Promise<void> {
  for await (const bytes of source) {
    await session.push(bytes);
    await line?.room();
  }
  session.end();
}

/**
 * The chunks of a file that are on their way: recorded in their order without waiting for each other, delivered one by one. Where one
 * fails, those before it are still recorded and delivered: nothing is recorded that nobody was told of, but for what was on its way already.
 */
class AssemblyLine {
  private added = 0;
  private pending = 0;
  private appended: Promise<unknown> = Promise.resolve();
  private delivered: Promise<void> = Promise.resolve();
  /** Of the first chunk that failed, in their order. */
  private failure: { readonly error: unknown; readonly place: number } | undefined;
  private waiting: (() => void)[] = [];

  constructor(
    private readonly job: Pick<FileJob, 'record' | 'deliver'>,
    private readonly release: (reservation: RowReservation) => void,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  add(preparing: Promise<ReadyChunk>): void {
    const place = (this.added += 1);
    this.pending += 1;
    const appending = this.append(this.appended, preparing, place);
    this.appended = appending;
    this.delivered = this.deliver(this.delivered, appending, place);
    // Each is told once, by whoever waits for the line; the others must not end the process.
    appending.catch((error: unknown) => this.fail(error, place));
    this.delivered.catch(() => undefined);
  }

  /** Resolves when another chunk may come. @throws what a chunk failed with */
  async room(): Promise<void> {
    while (this.pending >= MOST_PENDING && !this.failure)
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    if (this.failure) throw this.failure.error;
  }

  /** Resolves when all chunks are delivered. */
  end(): Promise<void> {
    return this.delivered;
  }

  /** No chunk comes any more. Resolves, when those before what failed are delivered, to what it failed with. */
  async failed(error: unknown): Promise<unknown> {
    this.fail(error, Infinity);
    await this.delivered.catch(() => undefined);
    return this.failure?.error;
  }

  private async append(
    before: Promise<unknown>,
    preparing: Promise<ReadyChunk>,
    place: number,
  ): Promise<{ readonly chunk: ReadyChunk; readonly recorded: Promise<unknown> }> {
    const [earlier, prepared] = await Promise.allSettled([before, preparing]);
    if (prepared.status === 'rejected') throw prepared.reason;
    const chunk = prepared.value;
    const failure = earlier.status === 'rejected' ? { error: earlier.reason as unknown } : this.failureBefore(place);
    if (failure) {
      this.release(chunk.reservation);
      throw failure.error;
    }
    const recorded = this.record(chunk);
    recorded.then(
      (done) => {
        if (done !== true) this.release(chunk.reservation);
      },
      (error: unknown) => {
        this.release(chunk.reservation);
        this.fail(error, place);
      },
    );
    return { chunk, recorded };
  }

  private async record(chunk: ReadyChunk): Promise<unknown> {
    return this.job.record(chunk);
  }

  private async deliver(
    before: Promise<void>,
    appending: Promise<{ readonly chunk: ReadyChunk; readonly recorded: Promise<unknown> }>,
    place: number,
  ): Promise<void> {
    const [earlier, own] = await Promise.allSettled([
      before,
      appending.then(async ({ chunk, recorded }) => {
        await recorded;
        return chunk;
      }),
    ]);
    try {
      if (earlier.status === 'rejected') throw earlier.reason;
      if (own.status === 'rejected') throw own.reason;
      await this.job.deliver(own.value);
    } catch (error) {
      this.fail(error, place);
      throw error;
    } finally {
      this.pending -= 1;
      this.wake();
    }
  }

  private failureBefore(place: number): { readonly error: unknown } | undefined {
    return this.failure && this.failure.place < place ? this.failure : undefined;
  }

  private fail(error: unknown, place: number): void {
    const first = this.failure === undefined;
    if (!this.failure || place < this.failure.place) this.failure = { error, place };
    if (first) this.onFailure(error);
    this.wake();
  }

  private wake(): void {
    const { waiting } = this;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }
}
