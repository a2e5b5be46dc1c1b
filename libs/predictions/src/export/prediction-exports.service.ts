/** Recorded predictions as a file, however many there are: read and written a part at a time, as fast as the client reads. */
import { Readable } from 'node:stream';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import type { ModelManifest } from '#inference';
import { ModelCatalogue, RecordedVersions } from '#models';
import { DomainError, withoutMessage, type Principal, type RequestOrigin } from '#platform';
import { OpenFiles } from '../files/open-files.js';
import { OutcomesService } from '../outcomes/outcomes.service.js';
import { foundBy, PredictionAccess, selectionFor } from '../prediction-access.js';
import type { PredictionExport } from '../predictions.dto.js';
import { predictionErrors } from '../predictions.errors.js';
import {
  PredictionRepository,
  type RecordedPredictionDetail,
  type SizedPrediction,
} from '../record/prediction.repository.js';
import type { PredictionSelection } from '../record/prediction-selection.js';
import { ProvenanceRepository } from '../record/provenance.repository.js';
import { exportColumns, type ExportColumn, type ExportedRow } from './export-columns.js';
import { headerOf, linesOfRows } from './export-lines.js';

/** Predictions that are looked up at once. */
const PAGE_SIZE = 500;
/** Of what they say so much is read and written at once, or one prediction where it is larger: others wait meanwhile. */
const PART_BYTES = 256 * 1024;
const PART_ROWS = 2_000;
/** At a stop, files in flight may take so long. */
const FINISH_WITHIN_MS = 4_000;

type Selection = Omit<PredictionSelection, 'before'>;

@Injectable()
export class PredictionExports implements OnModuleInit {
  private readonly logger = new Logger(PredictionExports.name);
  private readonly unfinished = new Set<Readable>();

  constructor(
    private readonly predictions: PredictionRepository,
    private readonly provenances: ProvenanceRepository,
    private readonly versions: RecordedVersions,
    private readonly models: ModelCatalogue,
    private readonly outcomes: OutcomesService,
    private readonly access: PredictionAccess,
    private readonly files: OpenFiles,
    private readonly adapter: HttpAdapterHost,
  ) {}

  onModuleInit(): void {
    this.adapter.httpAdapter?.getInstance<FastifyInstance>().addHook('preClose', (done) => {
      setTimeout(() => {
        const stopping = new DomainError(predictionErrors.SERVER_STOPPING, 'The server is being stopped.');
        // Also those whose client does not read on, and so would never ask for their end.
        for (const file of this.unfinished) file.destroy(stopping);
      }, FINISH_WITHIN_MS).unref();
      done();
    });
  }

  /**
   * The file, once its first part is there: what fails before is thrown, what fails later ends the stream early. It is one of the
   * files that the plan admits at once until it has ended. Another user's prediction leaves its trace before it is written.
   * @throws FORBIDDEN for a user who names another user; STREAMS_EXCEEDED, RECORD_DAMAGED
   */
  open(caller: Principal, filter: PredictionExport, origin: RequestOrigin): Promise<Readable> {
    const selection = selectionFor(caller, filter);
    return new Promise((opened, refused) => {
      const answer = async (): Promise<void> => {
        const columns = exportColumns(await this.manifestsOf(selection));
        const parts = this.parts(caller, selection, columns, origin);
        const first = await parts.next();
        await new Promise<void>((ended) => {
          const file = Readable.from(this.written(first, parts, origin, ended), { objectMode: false });
          this.unfinished.add(file);
          file.once('close', () => {
            this.unfinished.delete(file);
            // Where its client is gone before it reads, it is closed without being written.
            ended();
          });
          opened(file);
        });
      };
      this.files.admitted(caller, answer).catch(refused);
    });
  }

  /** @param ended called before its client can see the end, so that it may ask for another one at once */
  private async *written(
    first: IteratorResult<string, void>,
    parts: AsyncGenerator<string, void>,
    { requestId }: RequestOrigin,
    ended: () => void,
  ): AsyncGenerator<string, void> {
    try {
      if (!first.done) yield first.value;
      yield* parts;
    } catch (error) {
      // Those of this product name ids and no patient.
      const what =
        error instanceof DomainError ? { code: error.kind.code, detail: error.message } : withoutMessage(error);
      this.logger.error({ ...what, requestId }, 'predictions could not be written to their end');
      throw error;
    } finally {
      ended();
    }
  }

  /** The header with the first predictions that are looked up, then the others. */
  private async *parts(
    caller: Principal,
    selection: Selection,
    columns: readonly ExportColumn[],
    origin: RequestOrigin,
  ): AsyncGenerator<string, void> {
    const found = foundBy(selection);
    const details = { exported: true, ...(found.length > 0 ? { found } : {}) };
    let header = headerOf(columns);
    for await (const predictions of this.walk(selection)) {
      const rows = await this.rowsOf(predictions, selection);
      await this.access.leaveTrace(caller, predictions, origin, details);
      const text = header + linesOfRows(columns, rows);
      header = '';
      // Also where it is empty: a search that finds nothing more ends here when its client is gone.
      yield text;
    }
  }

  /** All that are selected, newest first, a part at a time; one without any for a page on which there are none. */
  private async *walk(selection: Selection): AsyncGenerator<RecordedPredictionDetail[], void> {
    let before: string | undefined;
    do {
      const { rows, searchedTo } = await this.predictions.sizes({ ...selection, before }, PAGE_SIZE);
      for (const ids of partsOf(rows)) yield await this.predictions.findMany(ids);
      if (rows.length === 0) yield [];
      before = rows.length === PAGE_SIZE ? rows.at(-1)!.id : (searchedTo ?? undefined);
    } while (before !== undefined);
  }

  private async rowsOf(
    predictions: readonly RecordedPredictionDetail[],
    { subject, label }: Selection,
  ): Promise<ExportedRow[]> {
    const outcomes = await this.outcomes.currentOf(predictions.map(({ id }) => id));
    const exported: ExportedRow[] = [];
    for (const prediction of predictions) {
      const decode = await this.models.resultsOf(prediction.versionId);
      const ofRows = outcomes.get(prediction.id);
      for (const [row, content] of prediction.rows.entries()) {
        if (subject !== undefined && content?.subject !== subject) continue;
        if (label !== undefined && content?.label !== label) continue;
        const result = content && decode(content.scores);
        exported.push({ prediction, row, content, result, outcome: ofRows?.get(row) });
      }
    }
    return exported;
  }

  private async manifestsOf({ model, version }: Selection): Promise<ModelManifest[]> {
    if (model === undefined) return [];
    const ids = await this.provenances.versionIdsOf(model, version);
    return Promise.all(ids.map((id) => this.versions.manifest(id)));
  }
}

/** Ids of predictions that are read together. */
function partsOf(predictions: readonly SizedPrediction[]): string[][] {
  const parts: string[][] = [];
  let [bytesLeft, rowsLeft] = [0, 0];
  for (const { id, bytes, rowCount } of predictions) {
    if (bytes > bytesLeft || rowCount > rowsLeft) {
      parts.push([]);
      [bytesLeft, rowsLeft] = [PART_BYTES, PART_ROWS];
    }
    parts.at(-1)!.push(id);
    bytesLeft -= bytes;
    rowsLeft -= rowCount;
  }
  return parts;
}
