/**
 * Scores a batch, from where it is to its end. A chunk's rows in the record, its part of the results and the progress are one
 * transaction: whatever ends this process, whoever goes on finds every row done once or not at all.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { RecordedVersions, type ServingVersion } from '#models';
import { DomainError, isDatabaseUnavailable, isUnstorableText, Jobs, newId, withoutMessage } from '#platform';
import { predictionErrors } from '../../predictions.errors.js';
import type { PredictionOrigin } from '../../record/prediction-record.js';
import { PredictionRecorder } from '../../record/prediction-recorder.js';
import { ScoredFiles } from '../../tallies/scored-files.js';
import { FileScoring, type FileJob, type ReadyChunk } from '../file-scoring.js';
import { fileInvalid } from '../thread/file-threads.js';
import type { BatchEntity, BatchError } from './batch.entities.js';
import { BatchRepository, type ChunkDone } from './batch.repository.js';

export const BATCH_QUEUE = 'batches';

const RENEW_EVERY_MS = 1_500;
/** How often it is looked for batches that nobody does. */
const LOOK_EVERY_MS = 1_000;
/** Batches that are brought to mind at a time, the oldest first. */
const MOST_FOUND = 16;
/** What is away now may be back soon; after so many tries in a row the batch waits for whoever finds its lease over. */
const TRIES = 8;
const PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

/** The batch is not this process's any more: cancelled, or somebody else goes on with it. */
class NotOursError extends Error {}

@Injectable()
export class BatchRunner implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(BatchRunner.name);
  /** This process, to the others. */
  private readonly worker = newId();
  private looking: NodeJS.Timeout | undefined;
  private lookingOut = false;

  constructor(
    private readonly batches: BatchRepository,
    private readonly jobs: Jobs,
    private readonly versions: RecordedVersions,
    private readonly scoring: FileScoring,
    private readonly recorder: PredictionRecorder,
    private readonly files: ScoredFiles,
  ) {}

  onModuleInit(): void {
    this.jobs.handle(BATCH_QUEUE, (id, stop) => this.run(id, stop));
    if (this.jobs.runHere) this.looking = setInterval(() => void this.lookOut(), LOOK_EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.looking);
  }

  /** Never rejects: what a batch fails with stands in it. */
  async run(id: string, stop: AbortSignal): Promise<void> {
    try {
      const batch = await this.batches.claim(id, this.worker);
      if (batch) await this.runClaimed(batch, stop);
    } catch (error) {
      this.logger.warn(
        { ...withoutMessage(error), batch: id },
        'a batch stands still; it goes on when its lease is over',
      );
    }
  }

  private async runClaimed(batch: BatchEntity, stop: AbortSignal): Promise<void> {
    const { id } = batch;
    const renewing = setInterval(() => {
      this.batches.renew(id, this.worker).catch(() => undefined); // the lease is longer than one that fails
    }, RENEW_EVERY_MS);
    try {
      for (let current = batch, tries = 1; ;) {
        try {
          await this.attempt(current, stop);
          await this.batches.finish(id, this.worker, 'succeeded');
          return;
        } catch (error) {
          if (stop.aborted) return await this.batches.release(id, this.worker);
          if (!(error instanceof NotOursError) && !isPassing(error)) return await this.fail(id, error);
          const pauseMs = Math.min(PAUSE_MS * 2 ** tries, LONGEST_PAUSE_MS);
          if (tries === TRIES) throw error;
          await sleep(error instanceof NotOursError ? 0 : pauseMs);
        }
        // What was not acknowledged may have been written: the batch itself says how far it is.
        const now = await this.batches.claim(id, this.worker);
        if (!now) return;
        tries = now.chunks > current.chunks ? 1 : tries + 1;
        current = now;
      }
    } finally {
      clearInterval(renewing);
    }
  }

  private async attempt(batch: BatchEntity, stop: AbortSignal): Promise<void> {
    const serving = await this.versions.servingVerified(batch.versionId);
    if (batch.onError === 'abort' && batch.chunks === 0) await this.requireNoFaults(batch, serving, stop);
    const source = this.sourceOf(batch);
    await this.files.enterBatch(batch);
    await this.scoring.run({
      ...this.jobOf(batch, serving, source),
      from: batch.chunks,
      onHeader: (text) => {
        if (batch.resultHeader !== null) return;
        source.header = this.batches.setHeader(batch.id, this.worker, text);
        source.header.catch(() => undefined); // told where it is waited for, which may be later than it fails
      },
      record: (chunk) => this.record(batch, chunk, source),
      deliver: async () => {
        await source.header;
        stop.throwIfAborted();
      },
    });
    await source.header;
  }

  /** All or nothing: before the first row is predicted all of them are looked at. @throws BATCH_ROWS_REJECTED */
  private async requireNoFaults(batch: BatchEntity, serving: ServingVersion, stop: AbortSignal): Promise<void> {
    const source = this.sourceOf(batch);
    const faults = await this.scoring.firstFaults(this.jobOf(batch, serving, source), stop);
    if (faults.length > 0) throw rejected(faults);
  }

  private async record(batch: BatchEntity, chunk: ReadyChunk, { bytes }: Source): Promise<true> {
    if (batch.onError === 'abort' && chunk.rejected > 0) throw rejected(chunk.faults);
    const done: ChunkDone = {
      batchId: batch.id,
      worker: this.worker,
      number: chunk.number,
      rows: chunk.rows,
      rejected: chunk.rejected,
      readBytes: Math.min(bytes, Number(batch.inputBytes)),
      csv: chunk.csv,
    };
    const added = chunk.record
      ? await this.recorder.recordIf(chunk.record, (client) => this.batches.addChunkWith(client, done))
      : await this.batches.addChunk(done);
    if (!added) throw new NotOursError();
    return true;
  }

  private jobOf(
    { admissionId, requestId, userId, apiKeyId, charset }: BatchEntity,
    serving: ServingVersion,
    source: Source,
  ): Pick<FileJob, 'origin' | 'serving' | 'source' | 'charset'> {
    const origin: PredictionOrigin = {
      principal: { userId, apiKeyId, role: 'user', mustChangePassword: false },
      requestId,
      admission: { id: admissionId },
    };
    return { origin, serving, source: source.pieces, charset: charset ?? undefined };
  }

  private sourceOf({ id }: BatchEntity): Source {
    const source: Source = {
      bytes: 0,
      header: undefined,
      pieces: this.pieces(id, (length) => (source.bytes += length)),
    };
    return source;
  }

  private async *pieces(id: string, onRead: (length: number) => void): AsyncGenerator<Buffer> {
    for (let number = 0; ; number += 1) {
      const piece = await this.batches.input(id, number);
      if (!piece) return;
      for (let from = 0; from < piece.length; from += PART_BYTES) {
        const part = piece.subarray(from, from + PART_BYTES);
        onRead(part.length);
        yield part;
      }
    }
  }

  private async fail(id: string, error: unknown): Promise<void> {
    const reason = isUnstorableText(error) ? fileInvalid('The first row of the file has a NUL character.') : error;
    if (!(reason instanceof DomainError)) this.logger.error({ ...withoutMessage(reason), batch: id }, 'a batch failed');
    await this.batches.finish(id, this.worker, 'failed', told(reason));
  }

  private async lookOut(): Promise<void> {
    if (this.lookingOut) return;
    this.lookingOut = true;
    try {
      for (const id of await this.batches.waiting(MOST_FOUND)) await this.jobs.send(BATCH_QUEUE, id);
    } catch (error) {
      if (!isDatabaseUnavailable(error))
        this.logger.warn(withoutMessage(error), 'waiting batches cannot be looked for now');
    } finally {
      this.lookingOut = false;
    }
  }
}

/** Handed to the thread at once: as much as a connection brings. */
const PART_BYTES = 64 * 1024;

interface Source {
  /** Bytes read so far. */
  bytes: number;
  /** Settled when the header of the results is stored. */
  header: Promise<void> | undefined;
  readonly pieces: AsyncIterable<Buffer>;
}

/** Whether it may be gone the next time: the database is away, or others take all it has. */
function isPassing(error: unknown): boolean {
  return isDatabaseUnavailable(error) || (error instanceof DomainError && error.kind.status === 503);
}

function rejected(faults: readonly { readonly row: number; readonly detail: string }[]): DomainError {
  return new DomainError(
    predictionErrors.BATCH_ROWS_REJECTED,
    'Rows of the file are at fault, and onError is abort. `errors` names the first ones.',
    { errors: faults.map(({ row, detail }) => ({ pointer: `/rows/${row}`, detail })) },
  );
}

function told(error: unknown): BatchError {
  if (!(error instanceof DomainError))
    return { code: 'INTERNAL', detail: 'A fault of the server. The id of the batch finds it in the log.' };
  const { errors } = error.extra;
  return { code: error.kind.code, detail: error.message, ...(errors && { errors }) };
}
