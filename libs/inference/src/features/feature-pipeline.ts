/** From the values of rows to the tensor that the model takes, as the manifest declares; compiled once per version. */
import { DomainError } from '#platform';
import { inferenceErrors } from '../inference.errors.js';
import type { FeatureStep, InputRow, ModelManifest } from '../manifest.js';
import type { TensorBatch } from '../tensor-batch.js';
import type { CompiledStep, FeatureFrame, FeatureLayout } from './feature-step.js';
import { compileSelect } from './select.js';

export interface FeaturePipeline {
  /** The model's columns. */
  readonly columns: readonly string[];
  /** Float32 `[rows, columns]`. Rows must be valid against the manifest. */
  build(rows: readonly InputRow[]): TensorBatch;
}

/**
 * Without steps all inputs are taken in their order. Throws `MODEL_DOES_NOT_FIT` for steps that do not fit together.
 */
export function compileFeatures({
  inputs,
  features = [],
}: Pick<ModelManifest, 'inputs' | 'features'>): FeaturePipeline {
  const names = inputs.map(({ name }) => name);
  // A leading selection only decides which values are read; most pipelines are nothing else and need no step at run
  // time.
  const [leading, ...others] = features;
  const selected = leading && 'select' in leading ? compileSelect(leading.select, names).layout : undefined;
  const read = selected ?? names;
  const steps: CompiledStep[] = [];
  for (const step of selected ? others : features) steps.push(compileStep(step, steps.at(-1)?.layout ?? read));
  const columns = steps.at(-1)?.layout ?? read;
  return {
    columns,
    build(rows) {
      const values =
        steps.length > 0
          ? applySteps(rows, read, steps)
          : readRows(rows, read, new Float32Array(rows.length * read.length));
      return { rows: rows.length, tensors: [{ shape: [columns.length], values }] };
    },
  };
}

function compileStep(step: FeatureStep, incoming: FeatureLayout): CompiledStep {
  if ('select' in step) return compileSelect(step.select, incoming);
  throw new DomainError(
    inferenceErrors.MODEL_DOES_NOT_FIT,
    `features holds an unknown step: ${Object.keys(step).join(', ')}.`,
  );
}

function applySteps(rows: readonly InputRow[], read: FeatureLayout, steps: readonly CompiledStep[]): Float32Array {
  let frame: FeatureFrame = {
    rows: rows.length,
    values: readRows(rows, read, new Float64Array(rows.length * read.length)),
  };
  for (const { apply } of steps) frame = apply(frame);
  return Float32Array.from(frame.values);
}

function readRows<T extends Float32Array | Float64Array>(
  rows: readonly InputRow[],
  names: readonly string[],
  target: T,
): T {
  let index = 0;
  for (const row of rows) {
    for (const name of names) target[index++] = row[name] ?? NaN;
  }
  return target;
}
