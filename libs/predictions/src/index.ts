export { Faults } from './faults.js';
export type { ResultColumn } from './files/csv/file-plan.js';
export type { ResultColumnsOf } from './files/file-plan-of.js';
export { OpenFiles } from './files/open-files.js';
export { CsvStreams, type CsvCall } from './files/stream/csv-streams.service.js';
export { SEND_LONGER_ONES, WholeFiles, type WholeFile, type WholeFileOutcome } from './files/whole-files.js';
export { InferenceStatistics, type Tally, type VersionStatistics } from './inference-statistics.js';
export type { PredictionAnswer } from './prediction-answer.js';
export { originOf, serverTiming } from './prediction-exchange.js';
export { PredictionHistory, type PredictedRow } from './prediction-history.service.js';
export type { PredictionRecord } from './record/prediction-record.js';
export { isTooLongSubject, MAX_ROWS, MAX_SUBJECT_LENGTH } from './prediction-request.js';
export { readObjectRows, type ObjectRows } from './prediction-rows.js';
export { PredictionDto, PredictionRequestDto } from './predictions.dto.js';
export { predictionErrors } from './predictions.errors.js';
export { PredictionsModule } from './predictions.module.js';
export {
  PredictionsService,
  type PredictionCall,
  type PredictionOutcome,
  type RowsCall,
  type RowsOutcome,
  type RowsRead,
} from './predictions.service.js';
export { withId, type Provenance } from './record/provenance.js';
export { PredictionRecorder } from './record/prediction-recorder.js';
export { PredictionRepository } from './record/prediction.repository.js';
export { ProvenanceRepository } from './record/provenance.repository.js';
export { predictionLeaves } from './record/prediction-leaves.js';
export { eraseSubject, type ErasureOutcome } from './record/erasure.js';
export { dropMonth, MonthError } from './record/retention.js';
export { ShadowRepository } from './shadow/shadow.repository.js';
export { ShadowService } from './shadow/shadow.service.js';
