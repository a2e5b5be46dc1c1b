import type pg from 'pg';
import { newId } from '#platform';
import { withId, type PredictionRecord, type Provenance } from '#predictions';

type TextRecord = PredictionRecord & { readonly rows: readonly string[] };

/** The record of a prediction that nobody made, for tests of what keeps records. */
export function predictionRecord(change: Partial<TextRecord> = {}): TextRecord {
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

/** Lets the record say that something else computed a prediction, as the owner of the database may. */
export async function changeProvenance(owner: pg.Client, id: string, change: object): Promise<void> {
  const { rows } = await owner.query<Parameters<typeof withId>[0]>(
    `SELECT v.model_name AS "modelName", v.version, v.version_id AS "versionId", v.engine, v.engine_version AS "engineVersion",
            v.processor, v.notice
       FROM predictions AS p JOIN provenances AS v ON v.id = p.provenance_id WHERE p.id = $1`,
    [id],
  );
  const changed = withId({ ...rows[0]!, ...change });
  await owner.query(
    `INSERT INTO provenances (id, model_name, version, version_id, engine, engine_version, processor, notice)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      changed.id,
      changed.modelName,
      changed.version,
      changed.versionId,
      changed.engine,
      changed.engineVersion,
      changed.processor,
      changed.notice,
    ],
  );
  await owner.query('UPDATE predictions SET provenance_id = $2 WHERE id = $1', [id, changed.id]);
}
