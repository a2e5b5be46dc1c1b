/** Repeated requests: the same Idempotency-Key with the same body is answered as the first time, from the record. */
import { Injectable } from '@nestjs/common';
import type { PredictionResult } from '#inference';
import { ModelCatalogue } from '#models';
import { DomainError, promptly } from '#platform';
import { IdempotencyRepository } from './record/idempotency.repository.js';
import { answerOf, type PredictionAnswer } from './prediction-answer.js';
import type { PredictionRequest } from './prediction-request.js';
import type { KeyClaim } from './record/key-claims.js';
import { subjectsOf } from './record/prediction-record.js';
import { PredictionRepository } from './record/prediction.repository.js';
import { predictionErrors } from './predictions.errors.js';

@Injectable()
export class FirstAnswers {
  constructor(
    private readonly keys: IdempotencyRepository,
    private readonly predictions: PredictionRepository,
    private readonly models: ModelCatalogue,
  ) {}

  /**
   * The first answer under this key, or undefined when there is none. `form` is that of the repeated request, which is
   * the first one's, since their bodies are the same.
   * @throws IDEMPOTENCY_KEY_REUSED when the key was used for another request, PREDICTION_ERASED.
   */
  async find(claim: KeyClaim, form: PredictionRequest['form']): Promise<PredictionAnswer | undefined> {
    const entry = await promptly(this.keys.find(claim.userId, claim.key));
    if (!entry) return undefined;
    if (entry.requestHash !== claim.requestHash) {
      throw new DomainError(
        predictionErrors.IDEMPOTENCY_KEY_REUSED,
        'This Idempotency-Key was used for another request within the last 24 hours.',
      );
    }
    const record = await this.predictions.find(entry.predictionId);
    // Key and record were committed together, and records are never deleted.
    if (!record) throw new Error(`the idempotency key names prediction ${entry.predictionId}, which is not recorded`);
    const decode = await this.models.resultsOf(record.versionId);
    const results: PredictionResult[] = [];
    for (const row of record.rows) {
      if (!row) throw new DomainError(predictionErrors.PREDICTION_ERASED, 'What was predicted has been erased since.');
      results.push(decode(row.scores));
    }
    return answerOf(form, { ...record, subjects: subjectsOf(record.rows) }, results);
  }
}
