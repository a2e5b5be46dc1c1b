import { newId } from '#platform';
import { withId, type PredictionRecord, type Provenance } from '#predictions';

/** The record of a prediction that nobody made, for tests of what keeps records. */
export function predictionRecord(change: Partial<PredictionRecord> = {}): PredictionRecord {
  return {
    id: newId(),
    userId: newId(),
    apiKeyId: null,
    admissionId: newId(),
    provenance: PROVENANCE,
    requestId: 'r-1',
    rows: ['{"input":{"age":61},"scores":[0.9300000071525574],"label":"risk"}'],
    subjects: null,
    labels: ['risk'],
    ...change,
  };
}

export const PROVENANCE: Provenance = withId({
  modelName: 'cardiac-risk',
  version: '1.0.0',
  versionId: newId(),
  engine: 'onnx',
  engineVersion: 'onnxruntime-node 1.27.0',
  processor: 'x64',
  notice: null,
});
