/** Batches as their owners see them: a file comes in, is scored in the background, and its results go out. */
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { actorOf, AuditTrail } from '#audit';
import { ModelCatalogue, type ServingVersion } from '#models';
import {
  afterId,
  CsvBody,
  DEFAULT_PAGE_SIZE,
  DomainError,
  Housekeeping,
  invalidRequest,
  Jobs,
  LatidoConfig,
  platformErrors,
  pointerToken,
  readMultipart,
  toPage,
  UUID_PATTERN,
  type Page,
  type Principal,
  type RequestOrigin,
  type ServerSentEvent,
} from '#platform';
import { seesAll } from '../../prediction-access.js';
import { originOf } from '../../prediction-exchange.js';
import { predictionErrors } from '../../predictions.errors.js';
import type { BatchEntity } from './batch.entities.js';
import { BatchRepository } from './batch.repository.js';
import { BATCH_QUEUE } from './batch-runner.js';
import { BatchUpload, type Received } from './batch-upload.js';
import type { BatchDto, BatchFilter, BatchQuery } from './batches.dto.js';

const LOOK_EVERY_MS = 500;
/** Batches of one user that wait or are being done. */
const MOST_OPEN = 10;

@Injectable()
export class BatchesService implements OnModuleInit {
  constructor(
    private readonly batches: BatchRepository,
    private readonly models: ModelCatalogue,
    private readonly jobs: Jobs,
    private readonly audit: AuditTrail,
    private readonly config: LatidoConfig,
    private readonly housekeeping: Housekeeping,
  ) {}

  onModuleInit(): void {
    this.housekeeping.add('batches whose time is over', () => this.batches.forgetExpired());
  }

  /**
   * Takes the file in, as text/csv or as the file of a form, and queues it.
   * @throws BATCHES_EXCEEDED, FILE_INVALID, MODEL_TAKES_NO_FILES, BATCH_TOO_LARGE, MODEL_NOT_FOUND and its kin; nothing is kept then
   */
  async create(request: FastifyRequest, model: string, query: BatchQuery): Promise<BatchDto> {
    const { id, bytes } = await this.receive(request, model, query);
    await this.batches.queue(id, bytes);
    // Where the queue does not answer, whoever does batches finds it by itself.
    await this.jobs.send(BATCH_QUEUE, id).catch(() => undefined);
    return this.get(originOf(request).principal, id);
  }

  /** A page, newest first: one's own; everybody's for auditors and administrators. */
  async list(caller: Principal, filter: BatchFilter): Promise<Page<BatchDto>> {
    const { model, status, limit = DEFAULT_PAGE_SIZE } = filter;
    const userId = seesAll(caller) ? undefined : caller.userId;
    const found = await this.batches.select({ userId, model, status, before: afterId(filter) }, limit + 1);
    return toPage(found, limit, viewOf);
  }

  /** @throws BATCH_NOT_FOUND, also for another user's */
  async get(caller: Principal, id: string): Promise<BatchDto> {
    return viewOf(await this.readable(caller, id));
  }

  /** What tells its progress until it has ended, or nobody listens any more. @throws BATCH_NOT_FOUND */
  async events(caller: Principal, id: string): Promise<(gone: AbortSignal) => AsyncIterable<ServerSentEvent>> {
    await this.readable(caller, id);
    return (gone) => this.progress(id, gone);
  }

  /** The results. Reading another user's leaves an audit event. @throws BATCH_NOT_FOUND, BATCH_UNFINISHED, BATCH_WITHOUT_RESULTS */
  async results(caller: Principal, id: string, origin: RequestOrigin): Promise<Readable> {
    const batch = await this.readable(caller, id);
    if (batch.status === 'queued' || batch.status === 'running')
      throw new DomainError(predictionErrors.BATCH_UNFINISHED, `The batch is ${batch.status}.`, {
        headers: { 'retry-after': '1' },
      });
    if (batch.resultHeader === null || (batch.onError === 'abort' && batch.status === 'failed'))
      throw new DomainError(predictionErrors.BATCH_WITHOUT_RESULTS, `The batch is ${batch.status} without results.`);
    if (caller.userId !== batch.userId) {
      await this.audit.recordAll([
        {
          actor: actorOf(caller),
          action: 'batch.read-by-other',
          target: { type: 'batch', id },
          details: { owner: batch.userId },
          origin,
        },
      ]);
    }
    return Readable.from(this.pieces(batch), { objectMode: false });
  }

  /** Cancels it; what was predicted stays in the record. @throws BATCH_NOT_FOUND, BATCH_FINISHED */
  async cancel(caller: Principal, id: string): Promise<void> {
    const batch = await this.readable(caller, id);
    if (batch.userId !== caller.userId && caller.role !== 'admin')
      throw new DomainError(platformErrors.FORBIDDEN, 'Only its owner and administrators may cancel a batch.');
    if (!(await this.batches.cancel(id)))
      throw new DomainError(predictionErrors.BATCH_FINISHED, 'The batch has ended already.');
  }

  private async receive(request: FastifyRequest, model: string, query: BatchQuery): Promise<Received> {
    const { body } = request;
    const upload = new BatchUpload(this.batches, this.config.batches, originOf(request), query);
    const { userId, role } = upload.origin.principal;
    try {
      await this.requireRoom(userId);
      const serving = await this.models.serving(model, query.version, role);
      const received = await this.take(request, upload, serving);
      await this.requireRoom(userId); // others may have been sent meanwhile
      return received;
    } catch (error) {
      await upload.remove();
      if (body instanceof CsvBody) body.discard();
      throw error;
    }
  }

  /** @throws BATCHES_EXCEEDED */
  private async requireRoom(userId: string): Promise<void> {
    if ((await this.batches.countOpen(userId)) < MOST_OPEN) return;
    throw new DomainError(
      predictionErrors.BATCHES_EXCEEDED,
      `A user has at most ${MOST_OPEN} batches that wait or are being done.`,
      { headers: { 'retry-after': '10' } },
    );
  }

  private async take(request: FastifyRequest, upload: BatchUpload, serving: ServingVersion): Promise<Received> {
    if (request.body instanceof CsvBody) return upload.take(request.body, serving);
    if (!request.headers['content-type']?.startsWith('multipart/form-data'))
      throw new DomainError(
        platformErrors.UNSUPPORTED_MEDIA_TYPE,
        'This route reads text/csv, and multipart/form-data with the file.',
      );
    return this.receiveForm(request, upload, serving);
  }

  private async receiveForm(request: FastifyRequest, upload: BatchUpload, serving: ServingVersion): Promise<Received> {
    let received: Received | undefined;
    const limits = { fileBytes: this.config.batches.mostBytes, fieldBytes: 1, parts: 1 };
    await readMultipart(request, limits, async (part) => {
      if (!('file' in part))
        throw invalidRequest([{ pointer: `/${pointerToken(part.name)}`, detail: 'must be a file' }]);
      received = await upload.take(new CsvBody(part.file), serving);
    });
    if (!received) throw invalidRequest([{ pointer: '/file', detail: 'is missing' }]);
    return received;
  }

  private async readable(caller: Principal, id: string): Promise<BatchEntity> {
    const batch = UUID_PATTERN.test(id) ? await this.batches.find(id) : null;
    if (batch && (batch.userId === caller.userId || seesAll(caller))) return batch;
    throw new DomainError(predictionErrors.BATCH_NOT_FOUND, 'There is no such batch.');
  }

  private async *pieces({ id, resultHeader, chunks }: BatchEntity): AsyncGenerator<Buffer> {
    yield Buffer.from(resultHeader ?? '');
    for (let number = 0; number < chunks; number += 1) {
      const piece = await this.batches.result(id, number);
      if (!piece) throw new Error(`batch ${id} lacks piece ${number} of its results`);
      if (piece.length > 0) yield piece;
    }
  }

  private async *progress(id: string, gone: AbortSignal): AsyncGenerator<ServerSentEvent> {
    let told = '';
    for (;;) {
      const batch = await this.batches.find(id);
      if (!batch) return;
      const data = viewOf(batch);
      const text = JSON.stringify(data);
      const ended = batch.finishedAt !== null;
      if (text !== told) yield { event: ended ? 'ended' : 'progress', data };
      if (ended) return;
      told = text;
      await sleep(LOOK_EVERY_MS, undefined, { signal: gone });
    }
  }
}

function viewOf(batch: BatchEntity): BatchDto {
  const [inputBytes, readBytes] = [Number(batch.inputBytes), Number(batch.readBytes)];
  const done = batch.status === 'succeeded';
  return {
    id: batch.id,
    userId: batch.userId,
    model: batch.modelName,
    version: batch.version,
    status: batch.status,
    onError: batch.onError,
    rowsDone: batch.rowsDone,
    rowsRejected: batch.rowsRejected,
    ...paceOf(batch, inputBytes, readBytes),
    progress: done ? 1 : inputBytes === 0 ? 0 : Math.round((readBytes / inputBytes) * 1000) / 1000,
    inputBytes,
    createdAt: batch.createdAt,
    startedAt: batch.startedAt,
    finishedAt: batch.finishedAt,
    expiresAt: batch.expiresAt,
    error: (batch.error as BatchDto['error']) ?? null,
  };
}

/** Of the process that has it now: what was before it says nothing of how fast it is. */
function paceOf(
  { status, runStartedAt, runRows, runBytes, rowsDone }: BatchEntity,
  inputBytes: number,
  readBytes: number,
): Pick<BatchDto, 'rowsPerSecond' | 'secondsLeft'> {
  const seconds = runStartedAt ? (Date.now() - runStartedAt.getTime()) / 1000 : 0;
  if (status !== 'running' || seconds <= 0) return { rowsPerSecond: null, secondsLeft: null };
  const bytesPerSecond = (readBytes - Number(runBytes)) / seconds;
  return {
    rowsPerSecond: Math.round((rowsDone - runRows) / seconds),
    secondsLeft: bytesPerSecond > 0 ? Math.ceil((inputBytes - readBytes) / bytesPerSecond) : null,
  };
}
