import { idTime, newId } from '#platform';
import type { PredictionRecord } from '#predictions';

/** The record of a prediction that nobody made, for tests of what keeps records. */
export function predictionRecord(change: Partial<PredictionRecord> = {}): PredictionRecord {
  const id = newId();
  return {
    id,
    userId: newId(),
    apiKeyId: null,
    admissionId: newId(),
    admittedAt: new Date().toISOString(),
    modelName: 'cardiac-risk',
    version: '1.0.0',
    versionId: newId(),
    subjects: null,
    rowCount: 1,
    inputs: '[{"age":61}]',
    scores: '[[0.9300000071525574]]',
    labels: ['risk'],
    engine: 'onnx',
    engineVersion: 'onnxruntime-node 1.27.0',
    processor: 'x64',
    notice: null,
    requestId: 'r-1',
    createdAt: idTime(id).toISOString(),
    ...change,
  };
}
