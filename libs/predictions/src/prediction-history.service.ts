/**
 * What was predicted: one's own predictions; everybody's for auditors and administrators, whose reading leaves a trace.
 */
import { Injectable } from '@nestjs/common';
import { RequestLogRepository, type RequestTimings } from '#audit';
import type { PredictionResult } from '#inference';
import { ModelCatalogue } from '#models';
import { afterId, DEFAULT_PAGE_SIZE, toPage, type Page, type Principal, type RequestOrigin } from '#platform';
import { OutcomesService } from './outcomes/outcomes.service.js';
import { foundBy, PredictionAccess, rowIn, selectionFor } from './prediction-access.js';
import type {
  PredictionDetailDto,
  PredictionProvenanceDto,
  PredictionRowDto,
  PredictionSearch,
  PredictionSummaryDto,
} from './predictions.dto.js';
import { subjectsOf } from './record/prediction-record.js';
import {
  PredictionRepository,
  type PredictionSummaryRow,
  type RecordedPrediction,
  type RecordedPredictionDetail,
} from './record/prediction.repository.js';

/** A row as it was sent, and its answer. */
export interface PredictedRow {
  readonly subject: string | null;
  readonly input: Readonly<Record<string, unknown>>;
  readonly result: PredictionResult;
}

@Injectable()
export class PredictionHistory {
  constructor(
    private readonly predictions: PredictionRepository,
    private readonly models: ModelCatalogue,
    private readonly access: PredictionAccess,
    private readonly outcomes: OutcomesService,
    private readonly requests: RequestLogRepository,
  ) {}

  /**
   * A page of summaries, newest first. Of another user's prediction only that it exists is shown, not its content;
   * finding it by its content (`subject`, `label`) is reading it, and leaves a trace.
   * @throws FORBIDDEN for a user who names another user.
   */
  async list(caller: Principal, search: PredictionSearch, origin: RequestOrigin): Promise<Page<PredictionSummaryDto>> {
    const selection = selectionFor(caller, search);
    const limit = search.limit ?? DEFAULT_PAGE_SIZE;
    const { rows, searchedTo } = await this.predictions.select(
      caller.userId,
      { ...selection, before: afterId(search) },
      limit + 1,
    );
    const found = foundBy(selection);
    if (found.length > 0) await this.access.leaveTrace(caller, rows.slice(0, limit), origin, { found });
    const decoders = await this.decodersOf(rows.flatMap(({ row, versionId }) => (row ? [versionId] : [])));
    const view = ({ row, modelName, versionId, ...summary }: PredictionSummaryRow): PredictionSummaryDto => ({
      id: summary.id,
      userId: summary.userId,
      model: modelName,
      version: summary.version,
      createdAt: summary.createdAt,
      rowCount: summary.rowCount,
      subject: row?.subject ?? null,
      result: row ? decoders.get(versionId)!(row.scores) : null,
      labels: summary.labels,
    });
    return toPage(rows, limit, view, searchedTo);
  }

  /** The whole record. @throws PREDICTION_NOT_FOUND, also for another user's. */
  async detail(caller: Principal, id: string, origin: RequestOrigin): Promise<PredictionDetailDto> {
    const record = await this.access.readable(caller, id);
    await this.access.leaveTrace(caller, [record], origin);
    const decode = await this.models.resultsOf(record.versionId);
    const outcomes = await this.outcomes.current(record.id);
    return {
      ...provenanceOf(record, await this.timingsOf(record)),
      ...patientsOf(record.rows),
      inputs: record.rows.map((row) => row?.input ?? null),
      scores: record.rows.map((row) => row?.scores ?? null),
      results: record.rows.map((row) => (row ? decode(row.scores) : null)),
      outcomes: record.rows.map((_, index) => outcomes.get(index) ?? null),
      erased: record.rows.some((row) => row === null),
    };
  }

  /**
   * One row of a prediction, counted from 0.
   * @throws PREDICTION_NOT_FOUND when there is no such row, or it is another user's.
   */
  async row(caller: Principal, id: string, row: string, origin: RequestOrigin): Promise<PredictionRowDto> {
    const record = await this.access.readable(caller, id);
    const index = rowIn(record, row);
    const content = record.rows[index];
    await this.access.leaveTrace(caller, [record], origin);
    const decode = await this.models.resultsOf(record.versionId);
    const outcomes = await this.outcomes.current(record.id, index);
    return {
      ...provenanceOf(record, await this.timingsOf(record)),
      row: index,
      subject: content?.subject ?? null,
      input: content?.input ?? null,
      scores: content?.scores ?? null,
      result: content ? decode(content.scores) : null,
      outcome: outcomes.get(index) ?? null,
      erased: !content,
    };
  }

  /**
   * What the user's own predictions say of their first rows, by id; those that were erased or dropped are left out. For protocols
   * whose predictions have one row.
   */
  async firstRows(userId: string, ids: readonly string[]): Promise<Map<string, PredictedRow>> {
    const found = await this.predictions.firstRows(userId, ids);
    const decoders = await this.decodersOf([...found.values()].map(({ versionId }) => versionId));
    const predicted = new Map<string, PredictedRow>();
    for (const [id, { row, versionId }] of found) {
      const { subject = null, input, scores } = row;
      predicted.set(id, { subject, input, result: decoders.get(versionId)!(scores) });
    }
    return predicted;
  }

  private async timingsOf({ admissionId }: RecordedPrediction): Promise<RequestTimings | undefined> {
    return (await this.requests.timingsOf([admissionId])).get(admissionId);
  }

  private async decodersOf(
    versionIds: readonly string[],
  ): Promise<Map<string, Awaited<ReturnType<ModelCatalogue['resultsOf']>>>> {
    const distinct = [...new Set(versionIds)];
    return new Map(await Promise.all(distinct.map(async (id) => [id, await this.models.resultsOf(id)] as const)));
  }
}

/** References of patients in the form of the request: one, several, or null where none was named. */
function patientsOf(rows: RecordedPredictionDetail['rows']): Pick<PredictionDetailDto, 'subject' | 'subjects'> {
  if (rows.length === 1) return { subject: rows[0]?.subject ?? null };
  return { subjects: subjectsOf(rows) };
}

function provenanceOf(record: RecordedPrediction, timings: RequestTimings | undefined): PredictionProvenanceDto {
  return {
    id: record.id,
    userId: record.userId,
    apiKeyId: record.apiKeyId,
    model: record.modelName,
    version: record.version,
    createdAt: record.createdAt,
    admittedAt: record.admittedAt,
    requestId: record.requestId,
    notice: record.notice,
    engine: record.engine,
    engineVersion: record.engineVersion,
    processor: record.processor,
    rowCount: record.rowCount,
    timings: timings ?? null,
  };
}
