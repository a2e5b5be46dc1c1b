/** A file on its way in: looked at by its beginning, and kept in pieces. */
import type { ServingVersion } from '#models';
import { DomainError, newId, type CsvBody, type LatidoConfig } from '#platform';
import { predictionErrors } from '../../predictions.errors.js';
import type { PredictionOrigin } from '../../record/prediction-record.js';
import { FileFault } from '../csv/file-plan.js';
import { RowChunks } from '../csv/row-chunks.js';
import { filePlanOf } from '../file-plan-of.js';
import { fileInvalid } from '../thread/file-threads.js';
import type { BatchRepository } from './batch.repository.js';
import type { BatchQuery } from './batches.dto.js';

/** Bytes of a file that stand in one row of the database. */
const PIECE_BYTES = 1024 * 1024;

export interface Received {
  readonly id: string;
  readonly bytes: number;
}

export class BatchUpload {
  private readonly id = newId();
  private created = false;
  private pieces = 0;
  private parts: Buffer[] = [];
  private partsBytes = 0;

  constructor(
    private readonly batches: BatchRepository,
    private readonly limits: LatidoConfig['batches'],
    readonly origin: PredictionOrigin,
    private readonly query: BatchQuery,
  ) {}

  /** @throws FILE_INVALID as soon as it is known, MODEL_TAKES_NO_FILES, BATCH_TOO_LARGE */
  async take(body: CsvBody, serving: ServingVersion): Promise<Received> {
    const { mostBytes } = this.limits;
    if ((body.length ?? 0) > mostBytes) throw tooLarge(mostBytes);
    const look = new FirstLook(serving, body.charset);
    let bytes = 0;
    for await (const part of body.bytes()) {
      bytes += part.length;
      if (bytes > mostBytes) throw tooLarge(mostBytes);
      await look.read(part);
      this.parts.push(part);
      this.partsBytes += part.length;
      if (this.partsBytes >= PIECE_BYTES) await this.keep(body, serving);
    }
    await look.end();
    if (this.partsBytes > 0) await this.keep(body, serving);
    return { id: this.id, bytes };
  }

  /** Leaves nothing behind. */
  async remove(): Promise<void> {
    if (this.created) await this.batches.remove(this.id);
  }

  private async keep({ charset }: CsvBody, { model, version, id: versionId }: ServingVersion): Promise<void> {
    const { id, origin } = this;
    if (!this.created) {
      this.created = true;
      await this.batches.create({
        id,
        userId: origin.principal.userId,
        apiKeyId: origin.principal.apiKeyId,
        admissionId: origin.admission.id,
        requestId: origin.requestId,
        modelName: model,
        version,
        versionId,
        charset: charset ?? null,
        onError: this.query.onError ?? 'continue',
        expiresAt: new Date(Date.now() + this.limits.keptMs),
      });
    }
    const piece = Buffer.concat(this.parts);
    this.parts = [];
    this.partsBytes = 0;
    await this.batches.addInput(id, this.pieces, piece);
    this.pieces += 1;
  }
}

/** Tells at once what is wrong with a file as a whole. */
class FirstLook {
  private readonly chunks: RowChunks;

  constructor(serving: ServingVersion, charset: string | undefined) {
    const plan = filePlanOf(serving, charset);
    try {
      this.chunks = new RowChunks(plan, () => undefined);
    } catch (error) {
      throw asInvalid(error);
    }
  }

  /** @throws FILE_INVALID */
  async read(bytes: Buffer): Promise<void> {
    if (this.chunks.rows > 0) return;
    await this.chunks.read(bytes).catch((error: unknown) => {
      throw asInvalid(error);
    });
  }

  /** @throws FILE_INVALID where there is no row */
  async end(): Promise<void> {
    if (this.chunks.rows > 0) return;
    await this.chunks.end().catch((error: unknown) => {
      throw asInvalid(error);
    });
  }
}

function asInvalid(error: unknown): unknown {
  return error instanceof FileFault ? fileInvalid(error.message, error.columns) : error;
}

function tooLarge(mostBytes: number): DomainError {
  return new DomainError(predictionErrors.BATCH_TOO_LARGE, `A batch is a file of at most ${mostBytes} bytes.`);
}
