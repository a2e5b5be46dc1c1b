/**
 * Proves before a version is served that serving equals training: every engine against the golden rows, the engines
 * against each other on random rows, and a row alone against the same row in a batch. The record is kept with the
 * version.
 */
import { DomainError } from '#platform';
import type { EngineIdentity, EngineName, InferenceEngine, LoadedModel } from '../engines/inference-engine.js';
import type { ModelArtifact } from '../engines/model-artifact.js';
import { compileFeatures } from '../features/feature-pipeline.js';
import { inferenceErrors } from '../inference.errors.js';
import type { ModelManifest } from '../manifest.js';
import { Scorer } from '../scorer.js';
import type { TensorBatch } from '../tensor-batch.js';
import { compareScores, tolerance, type Difference } from './compare.js';
import { readGoldenRows, type GoldenFile, type GoldenRows } from './golden-rows.js';
import { drawRows } from './random-rows.js';

const randomRows = 64;
const seed = 20_240_601;

export interface Comparison extends Difference {
  /**
   * `golden`: against the training framework; `engines`: one against another; `alone`: a row alone against in a batch.
   */
  readonly kind: 'golden' | 'engines' | 'alone';
  readonly engine: EngineName;
  /** What the scores were compared with: what answered the golden rows, another engine, or `batch of 64`. */
  readonly against: string;
  readonly rows: number;
}

export interface VerificationRecord {
  readonly verifiedAt: string;
  readonly passed: boolean;
  /** Why the version may not be served; absent when passed. */
  readonly reason?: string;
  readonly tolerance: typeof tolerance;
  readonly randomRows: { readonly count: number; readonly seed: number };
  /** Those that computed the model. */
  readonly engines: readonly EngineIdentity[];
  /** Those that could not, and why. */
  readonly unavailable: readonly { readonly engine: EngineName; readonly reason: string }[];
  /** True where no second engine could check the first. */
  readonly singleEngine: boolean;
  readonly comparisons: readonly Comparison[];
}

export interface VerificationRequest {
  readonly artifact: ModelArtifact;
  readonly manifest: ModelManifest;
  readonly golden?: GoldenFile;
  readonly engines: readonly InferenceEngine[];
}

/** Never throws for a model that is wrong: that is a record which has not passed. */
export async function verifyModel({
  artifact,
  manifest,
  golden,
  engines,
}: VerificationRequest): Promise<VerificationRecord> {
  const loaded: LoadedModel[] = [];
  const unavailable: { engine: EngineName; reason: string }[] = [];
  const comparisons: Comparison[] = [];
  const record = (reason: string | undefined): VerificationRecord => ({
    verifiedAt: new Date().toISOString(),
    passed: reason === undefined,
    ...(reason !== undefined && { reason }),
    tolerance,
    randomRows: { count: randomRows, seed },
    engines: loaded.map(({ engine }) => engine),
    unavailable,
    singleEngine: loaded.length === 1,
    comparisons,
  });
  try {
    for (const engine of engines) await loadOn(engine, artifact, loaded, unavailable);
    if (loaded.length === 0)
      return record(
        `No engine computes the model: ${unavailable.map(({ engine, reason }) => `${engine}: ${reason}`).join('; ')}`,
      );
    // The manifest is tried on every engine's model: columns, classes and scores must fit before numbers are compared.
    for (const model of loaded) new Scorer(manifest, model);
    const features = compileFeatures(manifest);
    if (golden) await compareGolden(loaded, readGoldenRows(golden, features.columns), comparisons);
    await compareEngines(loaded, features.build(drawRows(manifest.inputs, randomRows, seed)), comparisons);
    const failed = comparisons.find(({ passed }) => !passed);
    return record(failed && `${failed.engine} against ${failed.against}: ${failed.failure}`);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return record(error.message);
  } finally {
    for (const model of loaded) await model.dispose();
  }
}

/** An engine that is not there is noted; a model that cannot be read is the model's fault and thrown. */
async function loadOn(
  engine: InferenceEngine,
  artifact: ModelArtifact,
  loaded: LoadedModel[],
  unavailable: { engine: EngineName; reason: string }[],
): Promise<void> {
  if (!engine.supports(artifact)) {
    unavailable.push({ engine: engine.name, reason: `it does not compute ${artifact.format} files` });
    return;
  }
  try {
    loaded.push(await engine.load(artifact));
  } catch (error) {
    if (!(error instanceof DomainError) || error.kind !== inferenceErrors.ENGINE_UNAVAILABLE) throw error;
    unavailable.push({ engine: engine.name, reason: error.message });
  }
}

async function compareGolden(
  models: readonly LoadedModel[],
  golden: GoldenRows,
  comparisons: Comparison[],
): Promise<void> {
  for (const model of models) {
    const answers = await model.run(golden.batch);
    const difference = compareScores(answers, golden.expected);
    comparisons.push({
      kind: 'golden',
      engine: model.engine.name,
      against: golden.answeredBy,
      rows: golden.batch.rows,
      ...difference,
    });
  }
}

async function compareEngines(
  models: readonly LoadedModel[],
  batch: TensorBatch,
  comparisons: Comparison[],
): Promise<void> {
  const [first, ...others] = models;
  if (!first) return;
  const scores = await first.run(batch);
  for (const other of others) {
    const difference = compareScores(scores, await other.run(batch));
    comparisons.push({
      kind: 'engines',
      engine: first.engine.name,
      against: other.engine.name,
      rows: batch.rows,
      ...difference,
    });
  }
  for (const model of models) {
    const together = model === first ? scores : await model.run(batch);
    const alone = new Float32Array(together.length);
    for (let row = 0; row < batch.rows; row++) alone.set(await model.run(oneRow(batch, row)), row * model.outputWidth);
    const difference = compareScores(alone, together);
    comparisons.push({
      kind: 'alone',
      engine: model.engine.name,
      against: `batch of ${batch.rows}`,
      rows: batch.rows,
      ...difference,
    });
  }
}

function oneRow(batch: TensorBatch, row: number): TensorBatch {
  const tensors = batch.tensors.map(({ shape, values }) => {
    const size = values.length / batch.rows;
    return { shape, values: values.slice(row * size, (row + 1) * size) };
  });
  return { rows: 1, tensors };
}
