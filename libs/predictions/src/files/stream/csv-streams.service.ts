/** Files that are answered while they come in: `text/csv` in, `text/csv` out, whatever their length. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ModelCatalogue, type ServingVersion } from '#models';
import {
  DataFolder,
  DomainError,
  headerText,
  invalidRequest,
  LatidoConfig,
  withoutMessage,
  type CsvBody,
  type RequestState,
} from '#platform';
import { originOf } from '../../prediction-exchange.js';
import { predictionErrors } from '../../predictions.errors.js';
import type { PredictionOrigin } from '../../record/prediction-record.js';
import { PredictionRecorder } from '../../record/prediction-recorder.js';
import { enterStreams } from '../../tallies/scored-files.js';
import type { ResultColumnsOf } from '../file-plan-of.js';
import { FileScoring, type ReadyChunk } from '../file-scoring.js';
import { OpenFiles } from '../open-files.js';
import { MEMORY_BYTES, SpooledAnswer, SpoolFullError } from './spooled-answer.js';

/** At a stop, files in flight may take so long. */
const FINISH_WITHIN_MS = 4_000;
/** What was recorded has so long to be read when an answer ends early, and when the server stops. */
const READ_WITHIN_MS = 10_000;
const STOP_WITHIN_MS = 1_000;
const LOOK_EVERY_MS = 20;

/** A file that is to be answered. */
export interface CsvCall {
  readonly model: string;
  /** As a client names it, unchecked; undefined: the active one. */
  readonly version?: unknown;
  readonly body: CsvBody;
  /** Columns that the answer has beside those of the file; left out: those of /v1. */
  readonly columns?: ResultColumnsOf;
  /** Under which clients save the answer; left out: they are told none. */
  readonly fileName?: string;
}

@Injectable()
export class CsvStreams implements OnModuleInit {
  private readonly logger = new Logger(CsvStreams.name);
  private readonly streams = new Set<CsvStream>();

  constructor(
    private readonly models: ModelCatalogue,
    private readonly files: OpenFiles,
    private readonly scoring: FileScoring,
    private readonly recorder: PredictionRecorder,
    private readonly config: LatidoConfig,
    private readonly folder: DataFolder,
    private readonly adapter: HttpAdapterHost,
  ) {}

  onModuleInit(): void {
    const fastify = this.adapter.httpAdapter?.getInstance<FastifyInstance>();
    fastify?.addHook('preClose', (done) => {
      setTimeout(() => {
        for (const stream of this.streams) stream.stop();
      }, FINISH_WITHIN_MS).unref();
      done();
    });
  }

  /** Answers the request, if the plan admits another file now, or sends why not. */
  async answer(request: FastifyRequest, reply: FastifyReply, call: CsvCall): Promise<void> {
    try {
      await this.files.admitted(originOf(request).principal, () => this.answerAdmitted(request, reply, call));
    } catch (error) {
      call.body.discard();
      if (!reply.sent) void reply.send(error);
    }
  }

  /**
   * Answers the request, whose file is one of those that `OpenFiles` has admitted. What is wrong once an answer has begun ends it.
   * @throws what there is to be answered in its place
   */
  async answerAdmitted(request: FastifyRequest, reply: FastifyReply, call: CsvCall): Promise<void> {
    const origin = originOf(request);
    const serving = await this.models.serving(call.model, versionIn(call), origin.principal.role);
    const stream = new CsvStream(serving, reply, call, {
      folder: this.folder.file('spool'),
      mostBytes: this.config.files.spoolBytes,
    });
    this.streams.add(stream);
    try {
      await stream.run(origin, request.state, this.scoring, this.recorder);
    } catch (error) {
      if (!stream.mustAnswer(error)) throw error;
      if (!(error instanceof DomainError) && !(error instanceof SpoolFullError) && !stream.clientIsGone)
        this.logger.error(
          { ...withoutMessage(error), requestId: origin.requestId },
          'a file could not be answered to its end',
        );
      await stream.endWith(error as Error);
    } finally {
      this.streams.delete(stream);
    }
  }
}

class CsvStream {
  /** Whether an answer was begun: Fastify tells only when its head is out. */
  begun = false;
  private readonly answer: SpooledAnswer;
  /** Of rows that were answered, and of their answer. */
  private answeredBytes = 0;
  private writtenBytes = 0;
  private stopped = false;

  constructor(
    private readonly serving: ServingVersion,
    private readonly reply: FastifyReply,
    private readonly call: CsvCall,
    private readonly spool: { readonly folder: string; readonly mostBytes: number },
  ) {
    this.answer = new SpooledAnswer(spool);
    this.answer.on('error', () => undefined); // told to whoever writes
  }

  get clientIsGone(): boolean {
    return this.reply.raw.destroyed;
  }

  async run(
    origin: PredictionOrigin,
    state: RequestState,
    scoring: FileScoring,
    recorder: PredictionRecorder,
  ): Promise<void> {
    let header: string | undefined;
    let entered = false;
    await scoring.run({
      origin,
      serving: this.serving,
      source: this.call.body.bytes(),
      charset: this.call.body.charset,
      columns: this.call.columns,
      onHeader: (text) => (header = text),
      record: async ({ record }) => {
        if (!record) return;
        const beganMs = performance.now();
        await recorder.record(record, entered ? undefined : enterStreams);
        entered = true;
        state.add('record', performance.now() - beganMs);
      },
      deliver: async (chunk) => {
        if (header !== undefined) await this.answer.write(Buffer.from(header));
        header = undefined;
        await this.deliver(chunk);
      },
    });
    this.answer.finish();
    if (!this.begun) this.begin();
  }

  /** Whether rows were recorded that the client must hear of: then there is no other answer, but that the file is too large for one. */
  mustAnswer(error: unknown): boolean {
    if (this.begun) return true;
    return this.writtenBytes > 0 && !(error instanceof DomainError && error.kind === predictionErrors.ANSWER_TOO_LARGE);
  }

  /** What was recorded still goes out; then the answer ends without its last chunk, and the client sees that it is not whole. */
  async endWith(error: Error): Promise<void> {
    const { answer, reply } = this;
    this.call.body.discard();
    if (!this.begun) this.begin();
    const until = performance.now() + (this.stopped ? STOP_WITHIN_MS : READ_WITHIN_MS);
    const waits = (): boolean => answer.waitingBytes > 0 || answer.readableLength > 0 || reply.raw.writableLength > 0;
    while (!(error instanceof SpoolFullError) && !this.clientIsGone && waits() && performance.now() < until)
      await sleep(LOOK_EVERY_MS);
    answer.destroy(error);
  }

  stop(): void {
    this.stopped = true;
  }

  private async deliver({ bytes, csv }: ReadyChunk): Promise<void> {
    if (this.stopped) throw new DomainError(predictionErrors.SERVER_STOPPING, 'The server is being stopped.');
    this.answeredBytes += bytes;
    this.writtenBytes += csv.length;
    await this.answer.write(csv);
    // Until then whatever is wrong can be told with a status of its own.
    if (!this.begun && this.answer.waitingBytes > MEMORY_BYTES / 2) {
      this.requireRoom();
      this.begin();
    }
  }

  /** A client that says how much it sends may do so before it reads. @throws ANSWER_TOO_LARGE where that would not fit */
  private requireRoom(): void {
    const { length } = this.call.body;
    if (length === undefined) return;
    const expected = (this.writtenBytes / Math.max(1, this.answeredBytes)) * length;
    if (expected <= this.spool.mostBytes) return;
    throw new DomainError(
      predictionErrors.ANSWER_TOO_LARGE,
      `The answer to ${length} bytes would take more than ${this.spool.mostBytes} bytes. Send the file to /v1/models/${this.serving.model}/batches.`,
    );
  }

  private begin(): void {
    const { version, manifest } = this.serving;
    this.begun = true;
    void this.reply.code(200).header('content-type', 'text/csv; charset=utf-8').header('x-model-version', version);
    if (manifest.notice !== undefined) void this.reply.header('x-model-notice', headerText(manifest.notice));
    const { fileName } = this.call;
    if (fileName !== undefined) void this.reply.header('content-disposition', `attachment; filename="${fileName}"`);
    void this.reply.send(this.answer);
  }
}

/** @throws INVALID_REQUEST */
function versionIn({ version }: CsvCall): string | undefined {
  if (version === undefined) return undefined;
  if (typeof version === 'string' && version !== '' && version.length <= 64) return version;
  throw invalidRequest([{ pointer: '?version', detail: 'must be the name of a version, such as "1.0.0"' }]);
}
