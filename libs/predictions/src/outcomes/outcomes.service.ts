/** What really happened: said by the prediction's owner, corrected by saying it anew, read with the prediction. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { actorOf, AuditTrail } from '#audit';
import { RecordedVersions } from '#models';
import {
  afterId,
  DEFAULT_PAGE_SIZE,
  DomainError,
  idTime,
  newId,
  platformErrors,
  toPage,
  type Page,
  type Principal,
  type RequestOrigin,
} from '#platform';
import { PredictionAccess, rowIn } from '../prediction-access.js';
import { predictionErrors } from '../predictions.errors.js';
import { newContent, readContent } from '../record/content.js';
import { waitForErasures } from '../record/erasure.js';
import { PredictionRepository, type RecordedPrediction } from '../record/prediction.repository.js';
import { outcomeJson, type OutcomeContent } from './outcome-content.js';
import type { OutcomeEntity } from './outcome.entity.js';
import { OutcomeRepository } from './outcome.repository.js';
import type { OutcomeDto, OutcomeQuery, PutOutcomeDto } from './outcomes.dto.js';

/** Which row of which prediction, as they stand in the URL; without a row, that of a prediction of a single one. */
export interface OutcomePlace {
  readonly id: string;
  readonly row?: string;
}

@Injectable()
export class OutcomesService {
  constructor(
    private readonly access: PredictionAccess,
    private readonly predictions: PredictionRepository,
    private readonly versions: RecordedVersions,
    private readonly outcomes: OutcomeRepository,
    private readonly audit: AuditTrail,
    private readonly dataSource: DataSource,
  ) {}

  /**
   * Records what happened, and answers what holds now. The same once more changes nothing; something else is a correction.
   * The audit event proves it by a salted digest, and says nothing of the patient.
   * @throws PREDICTION_NOT_FOUND, also for another user's; FORBIDDEN for those who may only read it;
   *   PREDICTION_OF_SEVERAL_ROWS, PREDICTION_ERASED, INVALID_REQUEST
   */
  async put(
    caller: Principal,
    { id, row }: OutcomePlace,
    said: PutOutcomeDto,
    origin: RequestOrigin,
  ): Promise<OutcomeDto> {
    const record = await this.access.head(caller, id);
    requireWriter(caller, record);
    const rowIndex = row === undefined ? onlyRow(record) : rowIn(record, row);
    const json = outcomeJson(said, await this.versions.manifest(record.versionId));
    return this.dataSource.transaction(async (manager) => {
      await waitForErasures(manager);
      if (await this.predictions.isErased(id, rowIndex, manager)) {
        throw new DomainError(
          predictionErrors.PREDICTION_ERASED,
          'What was predicted has been erased: nothing more of the patient is recorded with it.',
        );
      }
      const newest = await this.outcomes.lockNewest(id, rowIndex, manager);
      if (newest && readOutcome(newest)?.json === json) return viewOf(newest);
      const { content, digest } = newContent(json);
      const revision = (newest?.revision ?? 0) + 1;
      const outcome = { id: newId(), predictionId: id, rowIndex, revision, userId: caller.userId, content };
      await this.outcomes.insert(outcome, manager);
      await this.audit.record(
        {
          actor: actorOf(caller),
          action: 'prediction.outcome-recorded',
          target: { type: 'prediction', id },
          details: { outcome: outcome.id, row: rowIndex, revision, digest: digest.toString('hex') },
          origin,
        },
        manager,
      );
      return viewOf(outcome);
    });
  }

  /** All that was said of a prediction, newest first. @throws PREDICTION_NOT_FOUND, also for another user's */
  async history(caller: Principal, id: string, query: OutcomeQuery, origin: RequestOrigin): Promise<Page<OutcomeDto>> {
    const record = await this.access.head(caller, id);
    const limit = query.limit ?? DEFAULT_PAGE_SIZE;
    const before = afterId(query);
    await this.access.leaveTrace(caller, [record], origin);
    return toPage(await this.outcomes.page(id, { rowIndex: query.row, before, count: limit + 1 }), limit, viewOf);
  }

  /** What holds of each row, by its number; of one row alone, when it is named. The caller may read the prediction. */
  async current(predictionId: string, rowIndex?: number): Promise<Map<number, OutcomeDto>> {
    const found = await this.outcomes.current(predictionId, rowIndex);
    return new Map(found.map((outcome) => [outcome.rowIndex, viewOf(outcome)]));
  }

  /** The same of many predictions: what holds of each row, by the prediction's id and the row's number. The caller may read them. */
  async currentOf(predictionIds: readonly string[]): Promise<Map<string, Map<number, OutcomeDto>>> {
    const byPrediction = new Map<string, Map<number, OutcomeDto>>();
    for (const outcome of await this.outcomes.currentOf(predictionIds)) {
      const ofRows = byPrediction.get(outcome.predictionId) ?? new Map<number, OutcomeDto>();
      byPrediction.set(outcome.predictionId, ofRows.set(outcome.rowIndex, viewOf(outcome)));
    }
    return byPrediction;
  }
}

/** @throws FORBIDDEN */
function requireWriter(caller: Principal, record: RecordedPrediction): void {
  if (record.userId === caller.userId || caller.role === 'admin') return;
  throw new DomainError(
    platformErrors.FORBIDDEN,
    'Outcomes are recorded by those who asked for the prediction, and by administrators.',
  );
}

/** @throws PREDICTION_OF_SEVERAL_ROWS */
function onlyRow({ rowCount }: RecordedPrediction): number {
  if (rowCount === 1) return 0;
  throw new DomainError(
    predictionErrors.PREDICTION_OF_SEVERAL_ROWS,
    `The prediction has ${rowCount} rows: name the one whose outcome this is.`,
  );
}

/** What was said, as it was written; undefined where it was erased. @throws RECORD_DAMAGED */
function readOutcome({ id, content }: OutcomeEntity): { json: string; said: OutcomeContent } | undefined {
  try {
    const json = readContent(content)[0]?.json?.toString('utf8');
    return json === undefined ? undefined : { json, said: JSON.parse(json) as OutcomeContent };
  } catch {
    // Without the cause: the parser quotes the text, which is a patient's.
    throw new DomainError(
      predictionErrors.RECORD_DAMAGED,
      `What is recorded of outcome ${id} is no longer in the form in which outcomes are recorded.`,
    );
  }
}

function viewOf(outcome: OutcomeEntity): OutcomeDto {
  const said = readOutcome(outcome)?.said;
  return {
    id: outcome.id,
    row: outcome.rowIndex,
    revision: outcome.revision,
    ...(said?.label === undefined ? {} : { label: said.label }),
    ...(said?.value === undefined ? {} : { value: said.value }),
    observedAt: said?.observedAt ?? null,
    note: said?.note ?? null,
    createdAt: idTime(outcome.id),
    userId: outcome.userId,
    erased: said === undefined,
  };
}
