/** Golden rows: inputs with the answers of the framework that trained the model (docs/schemas/golden.schema.json). */
import { DomainError } from '#platform';
import type { FeatureInput } from '../features/feature-pipeline.js';
import { inferenceErrors } from '../inference.errors.js';
import type { FeatureTensor, TensorBatch } from '../tensor-batch.js';
import { tolerance, type Tolerance } from './compare.js';
import { readNestedNumbers, readNestedTexts, type NestedNumbers, type NestedTexts } from './nested-numbers.js';

/** The file as JSON gives it, valid against its schema. */
export interface GoldenFile {
  readonly schemaVersion: 1;
  /** Names of the last axis of the inputs, for a model of one. */
  readonly columns?: readonly string[];
  /** What computed the outputs, for instance `keras 3.15.1`. */
  readonly answeredBy: string;
  /** Where they are tighter than the tolerance of every comparison, they are what the golden rows are held to. */
  readonly atol?: number;
  readonly rtol?: number;
  /** `[rows, …]`, after the feature pipeline; for a model of several inputs one for each, by name. */
  readonly inputs: GoldenInput | Readonly<Record<string, GoldenInput>>;
  /** `[rows, scores]`. */
  readonly outputs: NestedNumbers;
  /** The class that answers each row, by its name in the manifest. */
  readonly labels?: readonly string[];
}

/** Numbers or texts, as the input takes them. */
export type GoldenInput = NestedNumbers | NestedTexts;

export interface GoldenRows {
  readonly answeredBy: string;
  readonly bound: Tolerance;
  readonly batch: TensorBatch;
  /** Row-major. */
  readonly expected: Float32Array;
  /** One for each row, where the file has them. */
  readonly labels?: readonly string[];
}

/**
 * @param pipeline what the feature pipeline makes for each input of the model, in the model's order
 * @throws MODEL_DOES_NOT_FIT for ragged arrays, for other inputs than the model's, or for columns in another order than
 *   the pipeline's
 */
export function readGoldenRows(file: GoldenFile, pipeline: readonly FeatureInput[]): GoldenRows {
  const tensors = tensorsOf(file, pipeline).map((tensor) => toTensor(tensor, 'inputs'));
  const outputs = toTensor(file.outputs, 'outputs');
  for (const { rows } of tensors) {
    if (rows !== outputs.rows) throw doesNotFit(`The golden rows have ${rows} inputs and ${outputs.rows} outputs.`);
  }
  if (file.labels && file.labels.length !== outputs.rows)
    throw doesNotFit(`The golden rows have ${outputs.rows} outputs and ${file.labels.length} labels.`);
  const { answeredBy, labels, atol = tolerance.absolute, rtol = tolerance.relative } = file;
  const bound = { absolute: Math.min(atol, tolerance.absolute), relative: Math.min(rtol, tolerance.relative) };
  const batch = { rows: outputs.rows, tensors };
  return { answeredBy, bound, batch, expected: outputs.values, ...(labels && { labels }) };
}

/** The tensors of the model's inputs, in the pipeline's order. */
function tensorsOf({ inputs, columns }: GoldenFile, pipeline: readonly FeatureInput[]): GoldenInput[] {
  const made = pipeline.map(({ name }) => name ?? '');
  if (!isTensor(inputs)) {
    const named = Object.keys(inputs);
    if (named.toSorted().join() === made.toSorted().join()) return made.map((name) => inputs[name] as GoldenInput);
    throw doesNotFit(`The golden rows have inputs for ${named.join(', ')}, features has steps to ${made.join(', ')}.`);
  }
  if (pipeline.length > 1) throw doesNotFit(`The golden rows must have inputs for each of ${made.join(', ')}.`);
  const [only] = pipeline;
  if (columns && only && columns.join() !== only.columns.join()) {
    throw doesNotFit(
      `The golden rows have the columns ${columns.join(', ')}, the feature pipeline leaves ${only.columns.join(', ')}.`,
    );
  }
  return [inputs];
}

function isTensor(inputs: GoldenFile['inputs']): inputs is GoldenInput {
  return Array.isArray(inputs);
}

function doesNotFit(message: string): DomainError {
  return new DomainError(inferenceErrors.MODEL_DOES_NOT_FIT, message);
}

function toTensor(nested: GoldenInput, what: 'inputs' | 'outputs'): FeatureTensor & { readonly rows: number } {
  const tensor = readNestedNumbers(nested) ?? (what === 'inputs' ? readNestedTexts(nested) : undefined);
  if (!tensor) throw doesNotFit(`The ${what} of the golden rows are not of one shape.`);
  const [rows = 0, ...shape] = tensor.shape;
  return { ...tensor, rows, shape };
}
