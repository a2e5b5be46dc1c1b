export type { PredictionAnswer } from './prediction-answer.js';
export { PredictionHistory } from './prediction-history.service.js';
export type { PredictionRecord } from './prediction-record.js';
export { MAX_ROWS, MAX_SUBJECT_LENGTH } from './prediction-request.js';
export { PredictionDto, PredictionRequestDto } from './predictions.dto.js';
export { predictionErrors } from './predictions.errors.js';
export { PredictionsModule } from './predictions.module.js';
export { PredictionsService, type PredictionCall, type PredictionOutcome } from './predictions.service.js';
