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
import { filePlanOf } from './file-plan-of.js';
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
  /** Chunks before this one are read and forgotten: they were done before. */
  readonly from?: number;
  /** Told before the first chunk. */
  readonly onHeader: (text: string) => void;
  /** Records a chunk. Called in the order of the chunks, the next one before this one's promise is settled. */
  readonly record: (chunk: ReadyChunk) => Promise<unknown>;
  /** Told when a chunk and all before it are recorded; the next ones wait for it. */
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
   * Resolves when all of the file was delivered.
   * @throws FILE_INVALID, MODEL_TAKES_NO_FILES, ROW_BUDGET_EXCEEDED; what `source`, `record` and `deliver` throw
   */
  async run(job: FileJob): Promise<void> {
    const plan = filePlanOf(job.serving, job.charset);
    const session = this.threads.open(plan);
    const line = new AssemblyLine(job);
    // Not waited for: where the file fails, its sender may go on as it likes.
    feed(session, job.source, line).catch((error: unknown) => session.fail(error as Error));
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
      line.stop(error);
      throw error;
    } finally {
      session.close();
    }
  }

  /**
   * The first rows at fault, of the first chunk that has any; none where all rows could be scored. Nothing is scored.
   * @throws FILE_INVALID, MODEL_TAKES_NO_FILES, what `source` throws
   */
  async firstFaults(
    { serving, source, charset }: Pick<FileJob, 'serving' | 'source' | 'charset'>,
    stop: AbortSignal,
  ): Promise<readonly RowFault[]> {
    const plan = filePlanOf(serving, charset);
    const session = this.threads.open(plan);
    const scorer = new ChunkScorer(serving, plan);
    feed(session, source).catch((error: unknown) => session.fail(error as Error));
    try {
      for (let chunk = await session.next(); chunk; chunk = await session.next()) {
        stop.throwIfAborted();
        session.skip(chunk.number);
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
      return this.ready(job, plan, chunk, scored, written, recordId, reservation);
    } catch (error) {
      this.rowBudget.release(reservation);
      throw error;
    }
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
    if (rows.length === 0) this.rowBudget.release(reservation);
    return {
      number,
      bytes,
      csv,
      record: rows.length > 0 ? record : undefined,
      rows: count,
      rejected: count - rows.length,
      faults: firstOf(faults, first),
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

/** The chunks of a file that are on their way: recorded in their order without waiting for each other, delivered one by one. */
class AssemblyLine {
  private pending = 0;
  private appended: Promise<unknown> = Promise.resolve();
  private delivered: Promise<void> = Promise.resolve();
  private failure: { readonly error: unknown } | undefined;
  private waiting: (() => void)[] = [];

  constructor(private readonly job: Pick<FileJob, 'record' | 'deliver'>) {}

  add(preparing: Promise<ReadyChunk>): void {
    this.pending += 1;
    const before = this.delivered;
    const appending = this.appended.then(async () => {
      const chunk = await preparing;
      if (this.failure) throw this.failure.error;
      return { chunk, recorded: this.job.record(chunk) };
    });
    this.appended = appending;
    this.delivered = appending.then(async ({ chunk, recorded }) => {
      await recorded;
      await before;
      if (this.failure) throw this.failure.error;
      await this.job.deliver(chunk);
    });
    // Each is told once, by whoever waits for the line; the others must not end the process.
    preparing.catch(() => undefined);
    appending.catch(() => undefined);
    this.delivered.then(
      () => this.settle(),
      (error: unknown) => this.settle({ error }),
    );
  }

  /** Resolves when another chunk may come. @throws what a chunk failed with */
  async room(): Promise<void> {
    while (this.pending >= MOST_PENDING && !this.failure)
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    if (this.failure) throw this.failure.error;
  }

  /** Resolves when all chunks are delivered. */
  async end(): Promise<void> {
    await this.delivered;
    if (this.failure) throw this.failure.error;
  }

  /** What is on its way goes no further. */
  stop(error: unknown): void {
    this.failure ??= { error };
    this.wake();
  }

  private settle(failure?: { readonly error: unknown }): void {
    this.pending -= 1;
    if (failure) this.failure ??= failure;
    this.wake();
  }

  private wake(): void {
    const { waiting } = this;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }
}
