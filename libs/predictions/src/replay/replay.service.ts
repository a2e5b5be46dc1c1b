/** Computes a recorded prediction again, and says whether the scores are the same bits. */
import { Injectable } from '@nestjs/common';
import { actorOf, AuditTrail } from '#audit';
import type { FeatureRow } from '#inference';
import { modelErrors, RecordedVersions, type ServingVersion } from '#models';
import { DomainError, platformErrors, type Principal, type RequestOrigin } from '#platform';
import { Faults } from '../faults.js';
import { PredictionAccess, rowIn } from '../prediction-access.js';
import { predictionErrors } from '../predictions.errors.js';
import type { RecordedRow } from '../record/prediction-record.js';
import type { RecordedPredictionDetail } from '../record/prediction.repository.js';
import { compareRow, largestOf, type RowComparison } from './compare-scores.js';
import type { EnvironmentDto, ReplayDto, ReplayEngine } from './replay.dto.js';

/** Rows whose scores are in one answer, at most. */
const MAX_LISTED_ROWS = 100;

export interface ReplayCall {
  readonly id: string;
  /** As it stands in the URL; undefined: all rows. */
  readonly row?: string;
  readonly engine: ReplayEngine;
}

@Injectable()
export class ReplayService {
  constructor(
    private readonly access: PredictionAccess,
    private readonly versions: RecordedVersions,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Runs the recorded inputs through the recorded version again. Nothing is recorded but that it was done, and what came of
   * it.
   * @throws PREDICTION_NOT_FOUND, also for another user's or a row that is not there; PREDICTION_ERASED where nothing is left
   *   to run; REPLAY_UNAVAILABLE, REPLAY_REFUSED, RECORD_DAMAGED; INFERENCE_BUSY and its kin
   */
  async replay(caller: Principal, { id, row, engine }: ReplayCall, origin: RequestOrigin): Promise<ReplayDto> {
    const record = await this.access.readable(caller, id);
    const named = row === undefined ? undefined : rowIn(record, row);
    await this.access.leaveTrace(caller, [record], origin);
    const compared = rowsToCompare(record, named);
    const version = await this.version(record, engine);
    const scores = await scoresOf(version, record, compared);
    const rows = compared.map((index) => compareRow(index, rowOf(record, index).scores, scores.get(index)!));
    const answer = answerOf(record, environmentOf(version), await this.versions.servingEngine(record.versionId), rows);
    await this.audit.record({
      actor: actorOf(caller),
      action: 'prediction.replayed',
      target: { type: 'prediction', id },
      details: {
        ...(named === undefined ? {} : { row: named }),
        identical: answer.identical,
        sameEnvironment: answer.sameEnvironment,
      },
      origin,
    });
    return named === undefined ? answer : { ...answer, erasedRows: [] };
  }

  /** @throws REPLAY_UNAVAILABLE */
  private async version(record: RecordedPredictionDetail, engine: ReplayEngine): Promise<ServingVersion> {
    try {
      return engine === 'serving'
        ? await this.versions.serving(record.versionId)
        : await this.versions.on(record.engine, record.versionId);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      const { kind } = error;
      if (kind !== modelErrors.VERSION_NOT_LOADED && kind !== modelErrors.VERSION_NOT_FOUND) throw error;
      throw new DomainError(
        predictionErrors.REPLAY_UNAVAILABLE,
        `It cannot be computed again on ${engine === 'serving' ? 'the engine that serves here' : record.engine}: ${error.message}`,
        { cause: error },
      );
    }
  }
}

/** @throws PREDICTION_ERASED where none is left */
function rowsToCompare({ rows }: RecordedPredictionDetail, named: number | undefined): number[] {
  const candidates = named === undefined ? rows.keys() : [named];
  const left = [...candidates].filter((index) => rows[index]);
  if (left.length > 0) return left;
  throw erased('What was predicted has been erased, and cannot be computed again.');
}

/**
 * The scores of the rows to compare, by row. Where the bits of a row depend on the rows beside it, all rows of the prediction
 * run together and in their order, as they did; else those that are compared.
 * @throws PREDICTION_ERASED, REPLAY_REFUSED
 */
async function scoresOf(
  version: ServingVersion,
  record: RecordedPredictionDetail,
  compared: readonly number[],
): Promise<Map<number, Float32Array>> {
  const run = version.batchInvariant ? compared : [...record.rows.keys()];
  if (run.some((index) => !record.rows[index])) {
    throw erased(
      'A row has been erased, and with this model the scores of a row depend on the rows that were computed with it.',
    );
  }
  const rows = readRows(version, record, run);
  const { values, width } = await version.score(rows).catch((error: unknown) => {
    throw asRefused(error);
  });
  return new Map(run.map((index, at) => [index, values.subarray(at * width, (at + 1) * width)]));
}

/** @throws REPLAY_REFUSED */
function readRows(version: ServingVersion, record: RecordedPredictionDetail, run: readonly number[]): FeatureRow[] {
  const faults = new Faults();
  const rows: FeatureRow[] = [];
  for (const index of run) {
    if (faults.full) break;
    const row = version.readRecorded(rowOf(record, index).input, `/rows/${index}`, faults);
    if (row) rows.push(row);
  }
  if (faults.none) return rows;
  throw new DomainError(
    predictionErrors.REPLAY_REFUSED,
    `${version.model} ${version.version} does not take the recorded inputs any more.`,
    { errors: faults.list },
  );
}

/** What is said against a request's values is said here against recorded ones, which is not the caller's fault. */
function asRefused(error: unknown): unknown {
  if (!(error instanceof DomainError) || error.kind.status !== platformErrors.INVALID_REQUEST.status) return error;
  const { errors } = error.extra;
  return new DomainError(predictionErrors.REPLAY_REFUSED, error.message, { ...(errors && { errors }), cause: error });
}

function answerOf(
  record: RecordedPredictionDetail,
  replayed: EnvironmentDto,
  serving: EnvironmentDto | null,
  rows: readonly RowComparison[],
): ReplayDto {
  const recorded = { name: record.engine, version: record.engineVersion, processor: record.processor };
  const different = rows.filter(({ identical }) => !identical);
  return {
    id: record.id,
    model: record.modelName,
    version: record.version,
    notice: record.notice,
    replayedAt: new Date(),
    identical: different.length === 0,
    sameEnvironment: isSame(recorded, replayed),
    engine: { recorded, replayed, serving },
    rowCount: record.rowCount,
    comparedRows: rows.length,
    differentRows: different.length,
    largestDifference: largestOf(rows),
    erasedRows: [...record.rows.keys()].filter((index) => !record.rows[index]),
    rows: rows.length <= MAX_LISTED_ROWS ? rows : different.slice(0, MAX_LISTED_ROWS),
  };
}

function isSame(one: EnvironmentDto, other: EnvironmentDto): boolean {
  return one.name === other.name && one.version === other.version && one.processor === other.processor;
}

function environmentOf({ engine, processor }: ServingVersion): EnvironmentDto {
  return { name: engine.name, version: engine.version, processor };
}

/** A row that was seen not to be erased. */
function rowOf({ rows }: RecordedPredictionDetail, index: number): RecordedRow {
  return rows[index]!;
}

function erased(detail: string): DomainError {
  return new DomainError(predictionErrors.PREDICTION_ERASED, detail);
}
