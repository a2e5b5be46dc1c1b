/** Repeated requests: the same Idempotency-Key with the same body is answered as the first time, from the record. */
import { Injectable } from '@nestjs/common';
import { ModelCatalogue } from '#models';
import { DomainError } from '#platform';
import { IdempotencyRepository } from './idempotency.repository.js';
import { answerOf, type PredictionAnswer } from './prediction-answer.js';
import type { PredictionRequest } from './prediction-request.js';
import { PredictionRepository } from './prediction.repository.js';
import { predictionErrors } from './predictions.errors.js';
import type { KeyClaim } from './record.repository.js';

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
   * @throws IDEMPOTENCY_KEY_REUSED when the key was used for another request.
   */
  async find(claim: KeyClaim, form: PredictionRequest['form']): Promise<PredictionAnswer | undefined> {
    const entry = await this.keys.find(claim.userId, claim.key);
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
    return answerOf(form, record, record.scores.map(decode));
  }
}
