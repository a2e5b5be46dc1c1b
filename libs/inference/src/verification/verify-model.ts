/**
 * Proves before a version is served that serving equals training: every engine against the golden rows, the engines
 * against each other on random rows, and a row alone against the same row in batches. The record is kept with the
 * version.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { DomainError, type FieldError } from '#platform';
import type { EngineIdentity, EngineName, InferenceEngine, LoadedModel } from '../engines/inference-engine.js';
import type { ModelArtifact } from '../engines/model-artifact.js';
import { inferenceErrors } from '../inference.errors.js';
import type { ModelManifest } from '../manifest.js';
import { Scorer } from '../scorer.js';
import type { TensorBatch } from '../tensor-batch.js';
import { compareScores, tolerance, type Difference } from './compare.js';
import { readGoldenRows, type GoldenFile, type GoldenRows } from './golden-rows.js';
import { labelFault } from './own-labels.js';
import { drawRows } from './random-rows.js';

const randomRows = 64;
const seed = 20_240_601;
/** Batches in which a row's scores must be those of the row alone, to the last bit; the odd one leaves remainders. */
const batchSizes = [2, 7, 32, 256] as const;
/** The event loop has its turn after this long. */
const mostMsAtOnce = 5;
/** Numbers that the layers may hold in a run, 64 MB of them: of a model that makes very many of a row, fewer are tried. */
const mostValuesAtOnce = 2 ** 24;
/** A model that takes longer to verify on its engines than this is not for this machine. */
const longestMs = 60_000;

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

/** Whether a row's scores depend on what else is in its batch: only where not may rows of several requests run together. */
export interface BatchInvariance {
  readonly engine: EngineName;
  /** Every score was the same to the last bit, alone and in each of `batchSizes`: those that the model's size allows. */
  readonly batchInvariant: boolean;
  readonly batchSizes: readonly number[];
}

export interface VerificationRecord {
  readonly verifiedAt: string;
  readonly passed: boolean;
  /** Why the version may not be served; absent when passed. */
  readonly reason?: string;
  /** What kind of fault that is, and where in the manifest; absent where scores differ. */
  readonly fault?: { readonly code: string; readonly errors?: readonly FieldError[] };
  readonly tolerance: typeof tolerance;
  readonly randomRows: { readonly count: number; readonly seed: number };
  /** Those that computed the model. */
  readonly engines: readonly EngineIdentity[];
  /** Those that could not, and why. */
  readonly unavailable: readonly { readonly engine: EngineName; readonly reason: string }[];
  /** True where no second engine could check the first. */
  readonly singleEngine: boolean;
  readonly comparisons: readonly Comparison[];
  /** One for each engine that computed the random rows; absent in records of versions of Latido that did not look. */
  readonly batchInvariance?: readonly BatchInvariance[];
}

export interface VerificationRequest {
  readonly artifact: ModelArtifact;
  readonly manifest: ModelManifest;
  readonly golden?: GoldenFile;
  readonly engines: readonly InferenceEngine[];
}

/**
 * Never throws for a model that is wrong: that is a record which has not passed. Throws `ENGINE_UNAVAILABLE` where no
 * engine computes the model here, `MODEL_TOO_COSTLY`, `INFERENCE_BUSY` and `INFERENCE_INTERRUPTED`: another time or
 * another machine may spare it that.
 */
export async function verifyModel({
  artifact,
  manifest,
  golden,
  engines,
}: VerificationRequest): Promise<VerificationRecord> {
  const models: VerifiedModel[] = [];
  const unavailable: { engine: EngineName; reason: string }[] = [];
  const comparisons: Comparison[] = [];
  const batchInvariance: BatchInvariance[] = [];
  let drawn = randomRows;
  const record = (reason: string | undefined, fault?: VerificationRecord['fault']): VerificationRecord => ({
    verifiedAt: new Date().toISOString(),
    passed: reason === undefined,
    ...(reason !== undefined && { reason }),
    ...(fault && { fault }),
    tolerance,
    randomRows: { count: drawn, seed },
    engines: models.map(({ model }) => model.engine),
    unavailable,
    singleEngine: models.length === 1,
    comparisons,
    batchInvariance,
  });
  try {
    const limits = { rowsAtOnce: await rowsAtOnce(artifact), until: performance.now() + longestMs };
    for (const engine of engines) await loadOn(engine, { artifact, manifest, limits }, models, unavailable);
    const [first] = models;
    if (!first) throw nothingComputes(unavailable);
    const { features } = first.scorer;
    const goldenRows = golden && readGoldenRows(golden, features.inputs);
    if (goldenRows) await compareGolden(models, goldenRows, comparisons);
    drawn = Math.max(Math.min(randomRows, limits.rowsAtOnce), 2);
    const batch = features.build(drawRows(manifest, drawn, seed));
    await compareEngines(models, batch, comparisons);
    for (const model of models) await compareBatches(model, batch, comparisons, batchInvariance);
    const failed = comparisons.find(({ passed }) => !passed);
    for (const model of failed ? [] : models) {
      requireKind(manifest, model.model);
      await requireAnswers(model, batch, manifest);
      if (goldenRows) await requireAnswers(model, goldenRows.batch, manifest);
    }
    return record(failed && `${failed.engine} against ${failed.against}: ${failed.failure}`);
  } catch (error) {
    // What this machine cannot do now says nothing about the model.
    if (!(error instanceof DomainError) || error.kind.status === 503) throw error;
    const { kind, extra, message } = error;
    return record(message, { code: kind.code, ...(extra.errors && { errors: extra.errors }) });
  } finally {
    for (const { model } of models) await model.dispose();
  }
}

function nothingComputes(unavailable: VerificationRecord['unavailable']): DomainError {
  const reasons = unavailable.map(({ engine, reason }) => `${engine}: ${reason}`).join('; ');
  return new DomainError(inferenceErrors.ENGINE_UNAVAILABLE, `No engine computes the model: ${reasons}`);
}

/** What verifying may cost. */
interface Limits {
  readonly rowsAtOnce: number;
  /** Of `performance.now()`. */
  readonly until: number;
}

async function rowsAtOnce(artifact: ModelArtifact): Promise<number> {
  const perRow = Math.max((await artifact.valuesPerRow()) ?? 1, 1);
  return Math.max(Math.floor(mostValuesAtOnce / perRow), 1);
}

/** A model on one engine, whose scores are looked at. */
class VerifiedModel {
  private turnStartedAt = performance.now();

  /** The manifest is tried on the model: columns, classes and scores must fit before numbers are compared. */
  constructor(
    readonly model: LoadedModel,
    readonly scorer: Scorer,
    readonly limits: Limits,
  ) {}

  get engine(): EngineName {
    return this.model.engine.name;
  }

  /** Gives way to what else the process does when it has computed for long. Throws `MODEL_TOO_COSTLY`. */
  async scores(batch: TensorBatch): Promise<Float32Array> {
    const now = performance.now();
    if (now > this.limits.until)
      throw new DomainError(
        inferenceErrors.MODEL_TOO_COSTLY,
        `Verifying the model takes more than ${longestMs / 1000} s here.`,
      );
    if (now - this.turnStartedAt > mostMsAtOnce) {
      await nextTurn();
      this.turnStartedAt = performance.now();
    }
    const outputs = await this.model.run(batch);
    return outputs[this.scorer.outputIndex] as Float32Array;
  }
}

/** An engine that is not there is noted; a model that cannot be read is the model's fault and thrown. */
async function loadOn(
  engine: InferenceEngine,
  { artifact, manifest, limits }: Pick<VerificationRequest, 'artifact' | 'manifest'> & { readonly limits: Limits },
  models: VerifiedModel[],
  unavailable: { engine: EngineName; reason: string }[],
): Promise<void> {
  if (!engine.supports(artifact)) {
    unavailable.push({ engine: engine.name, reason: `it does not compute ${artifact.format} files` });
    return;
  }
  let model: LoadedModel;
  try {
    model = await engine.load(artifact);
  } catch (error) {
    if (!(error instanceof DomainError) || error.kind !== inferenceErrors.ENGINE_UNAVAILABLE) throw error;
    unavailable.push({ engine: engine.name, reason: error.message });
    return;
  }
  try {
    requireClassOrder(manifest, model);
    models.push(new VerifiedModel(model, new Scorer(manifest, model), limits));
  } catch (error) {
    await model.dispose();
    throw error;
  }
}

/** A file that names its classes is believed where the manifest has the same names in another order. */
function requireClassOrder({ output }: ModelManifest, { classes, isDecision }: LoadedModel): void {
  // The runtime answers some support vector machines of two classes the other way round: their own labels tell.
  if (isDecision && classes?.length === 2) return;
  const declared = output.classes?.map(({ name }) => name);
  if (!declared || !classes || declared.join('\0') === classes.join('\0')) return;
  if (declared.length !== classes.length || !declared.every((name) => classes.includes(name))) return;
  const detail = `The scores of the model are in the order ${classes.join(', ')}; output.classes has ${declared.join(', ')}.`;
  throw new DomainError(inferenceErrors.MODEL_DOES_NOT_FIT, detail, {
    errors: [{ pointer: '/output/classes', detail }],
  });
}

/** Scores of a decision function are no probabilities, even where all of those that are looked at lie between 0 and 1. */
function requireKind({ task, output }: ModelManifest, { isDecision }: LoadedModel): void {
  if (!isDecision || task === 'regression' || output.kind === 'decision') return;
  throw new DomainError(
    inferenceErrors.MODEL_DOES_NOT_FIT,
    'The scores of the model are values of a decision function and no probabilities: its manifest must say output.kind: decision.',
  );
}

async function compareGolden(
  models: readonly VerifiedModel[],
  golden: GoldenRows,
  comparisons: Comparison[],
): Promise<void> {
  const { rows } = golden.batch;
  for (const model of models) {
    const scores = await scoresInBatchesOf(Math.min(rows, model.limits.rowsAtOnce), model, golden.batch);
    const difference = compareScores(scores.subarray(0, rows * model.scorer.width), golden.expected, golden.bound);
    const wrong = difference.passed ? wrongLabel(model, scores, golden) : undefined;
    if (wrong !== undefined) Object.assign(difference, { passed: false, failure: wrong });
    comparisons.push({ kind: 'golden', engine: model.engine, against: golden.answeredBy, rows, ...difference });
  }
}

/** Tells of the first row that another class answers than the golden rows say; undefined where none is. */
function wrongLabel({ scorer }: VerifiedModel, scores: Float32Array, { labels }: GoldenRows): string | undefined {
  const { decode, width } = scorer;
  for (const [row, expected] of (labels ?? []).entries()) {
    const result = decode(scores.subarray(row * width, (row + 1) * width));
    const label = 'label' in result ? result.label : undefined;
    if (label !== expected) return `row ${row} is answered ${label ?? 'without a label'} instead of ${expected}`;
  }
  return undefined;
}

async function compareEngines(
  [first, ...others]: readonly VerifiedModel[],
  batch: TensorBatch,
  comparisons: Comparison[],
): Promise<void> {
  if (!first) return;
  const { engine } = first;
  const scores = await first.scores(batch);
  for (const other of others) {
    const difference = compareScores(scores, await other.scores(batch));
    comparisons.push({ kind: 'engines', engine, against: other.engine, rows: batch.rows, ...difference });
  }
}

/** Every row alone: against all of them at once within the tolerance, and against batches of each size to the bit. */
async function compareBatches(
  model: VerifiedModel,
  batch: TensorBatch,
  comparisons: Comparison[],
  batchInvariance: BatchInvariance[],
): Promise<void> {
  const { engine } = model;
  const alone = await scoresInBatchesOf(1, model, batch);
  const difference = compareScores(alone, await model.scores(batch));
  comparisons.push({ kind: 'alone', engine, against: `batch of ${batch.rows}`, rows: batch.rows, ...difference });
  let batchInvariant = difference.identical;
  const tried = batchSizes.filter((size) => size <= Math.max(model.limits.rowsAtOnce, 2));
  for (const size of tried) {
    if (!batchInvariant) break;
    batchInvariant = repeatsSameBits(await scoresInBatchesOf(size, model, batch), alone);
  }
  batchInvariance.push({ engine, batchInvariant, batchSizes: tried });
}

/** Every row has an answer. A classifier that ends in logits agrees with itself everywhere, and would answer nobody. */
async function requireAnswers(model: VerifiedModel, batch: TensorBatch, manifest: ModelManifest): Promise<void> {
  const { decode, width } = model.scorer;
  const scores = await scoresInBatchesOf(Math.min(batch.rows, model.limits.rowsAtOnce), model, batch);
  for (let row = 0; row < batch.rows; row++) decode(scores.subarray(row * width, (row + 1) * width));
  const fault = await labelFault(model.model, manifest, decode, { batch, scores, width });
  if (fault !== undefined) throw new DomainError(inferenceErrors.MODEL_DOES_NOT_FIT, `${fault}.`);
}

/** The rows in turn, each in a batch of exactly `size`; they start again where they do not fill the last one. */
async function scoresInBatchesOf(size: number, model: VerifiedModel, batch: TensorBatch): Promise<Float32Array> {
  const parts: Float32Array[] = [];
  for (let row = 0; row < batch.rows; row += size) parts.push(await model.scores(takeRows(batch, row, size)));
  const scores = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  parts.reduce((offset, part) => (scores.set(part, offset), offset + part.length), 0);
  return scores;
}

/** `count` rows from `first` on, from the start again after the last. */
function takeRows(batch: TensorBatch, first: number, count: number): TensorBatch {
  const tensors = batch.tensors.map(({ values, ...tensor }) => {
    const size = values.length / batch.rows;
    const taken = new Float32Array(count * size);
    for (let index = 0; index < count; index++) {
      const row = (first + index) % batch.rows;
      taken.set(values.subarray(row * size, (row + 1) * size), index * size);
    }
    return { ...tensor, values: taken };
  });
  return { rows: count, tensors };
}

/** Whether `scores`, which repeats itself past the end of `expected`, is `expected` to the last bit. */
function repeatsSameBits(scores: Float32Array, expected: Float32Array): boolean {
  return scores.every((score, index) => Object.is(score, expected[index % expected.length]));
}
