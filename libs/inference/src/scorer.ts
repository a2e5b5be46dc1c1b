/** A loaded model with its manifest: rows in, scores out, scores to answers. */
import { DomainError } from '#platform';
import type { LoadedModel } from './engines/inference-engine.js';
import {
  compileFeatures,
  type FeatureInput,
  type FeaturePipeline,
  type FeatureRow,
  type PipelineRow,
} from './features/feature-pipeline.js';
import { batchOf, TensorRow, type EngineInput } from './features/tensor-row.js';
import { inferenceErrors } from './inference.errors.js';
import type { FeatureDeclaration, ModelManifest } from './manifest.js';
import { compileDecoder, type ScoreDecoder } from './prediction-result.js';
import { valuesPerRow, type ModelInput, type ModelOutput, type TensorBatch } from './tensor-batch.js';

/** Scores of several rows, row-major `[rows, width]`. */
export interface Scores {
  readonly values: Float32Array;
  readonly width: number;
}

export class Scorer {
  /** The answer of one row from its scores. Throws `OUTPUT_NOT_FINITE`. */
  readonly decode: ScoreDecoder;
  /** Scores of one row. */
  readonly width: number;
  /** Numbers that one row is to the model. */
  readonly valuesPerRow: number;
  /** Which of the model's outputs holds the scores. */
  readonly outputIndex: number;
  /** From rows to what the model takes, its inputs in its own order. */
  readonly features: FeaturePipeline;
  /** What the model takes of a row, behind the pipeline; empty where it takes texts, which are no rows of tensors. */
  readonly engineInputs: readonly EngineInput[];

  /** Throws `MODEL_DOES_NOT_FIT` where manifest and model disagree. */
  constructor(
    manifest: FeatureDeclaration & Pick<ModelManifest, 'task' | 'output'>,
    readonly model: LoadedModel,
  ) {
    this.features = compileFeatures(
      manifest,
      model.inputs.map(({ name }) => name),
    );
    this.outputIndex = scoreOutput(model.outputs, manifest.output.score);
    this.width = valuesPerRow(model.outputs[this.outputIndex] as ModelOutput) ?? 0;
    this.decode = compileDecoder(manifest, this.width);
    requireFit(this.features.inputs, model.inputs);
    const ofText = this.features.inputs.some(({ isText }) => isText);
    const engineInputs = this.features.inputs.map(({ shape }, index) => ({ name: model.inputs[index]!.name, shape }));
    this.engineInputs = ofText ? [] : engineInputs;
    this.valuesPerRow = this.features.inputs.reduce(
      (sum, { shape }) => sum + shape.reduce((size, axis) => size * axis, 1),
      0,
    );
  }

  /**
   * Rows must be valid against the manifest. Throws `INPUT_NOT_FINITE` or `OUTPUT_NOT_FINITE`; `INVALID_REQUEST` for
   * rows of observations that do not make a window.
   */
  async score(rows: readonly FeatureRow[]): Promise<Scores> {
    if (rows.length === 0) return { values: new Float32Array(0), width: this.width };
    const outputs = await this.model.run(this.batchOf(rows));
    return { values: outputs[this.outputIndex] as Float32Array, width: this.width };
  }

  /** Rows of tensors are rare, and looked for alone. */
  private batchOf(rows: readonly FeatureRow[]): TensorBatch {
    return rows.some((row) => row instanceof TensorRow)
      ? batchOf(rows, this.features)
      : this.features.build(rows as readonly PipelineRow[]);
  }
}

/** The only output, or the one that the manifest names. Throws `MODEL_DOES_NOT_FIT`. */
function scoreOutput(outputs: readonly ModelOutput[], named: string | undefined): number {
  const index = named === undefined && outputs.length === 1 ? 0 : outputs.findIndex(({ name }) => name === named);
  const output = outputs[index];
  if (output && valuesPerRow(output) !== null) return index;
  const answers = `The model answers ${outputs.map(({ name, shape }) => `${name} [${axes(shape)}]`).join(', ')}`;
  const place = '/output/score';
  if (output) throw doesNotFit(`${answers}; scores are of known size.`, place);
  throw doesNotFit(
    named === undefined
      ? `${answers}; name the one that holds the scores in output.score.`
      : `${answers}; output.score names ${named}.`,
    place,
  );
}

function requireFit(features: readonly FeatureInput[], inputs: readonly ModelInput[]): void {
  if (features.length !== inputs.length) {
    const taken = inputs.map(({ name, shape }) => `${name} [${axes(shape)}]`).join(', ');
    throw doesNotFit(`The model takes ${taken}; name the steps to each of them in features.`, '/features');
  }
  inputs.forEach(({ name, shape, takesText }, index) => {
    const { shape: made, columns, isText } = features[index] as FeatureInput;
    if ((takesText ?? false) !== (isText ?? false))
      throw doesNotFit(
        takesText
          ? `Input ${name} of the model takes texts, the manifest declares numbers: ${columns.join(', ')}; their type is string.`
          : `Input ${name} of the model takes numbers, the manifest declares texts: ${columns.join(', ')}.`,
        '/inputs',
      );
    const sameAxes = shape.length === made.length;
    if (sameAxes && shape.every((size, axis) => size === null || size === made[axis])) return;
    const samples = made.length > 1 ? `${made[0]} samples of ` : '';
    throw doesNotFit(
      sameAxes && shape.length === 1
        ? `The model takes ${shape[0]} columns, the manifest declares ${columns.length}: ${columns.join(', ')}.`
        : `Input ${name} of the model takes rows of [${axes(shape)}], the manifest declares ${samples}${columns.length} columns: ${columns.join(', ')}.`,
      '/inputs',
    );
  });
}

function axes(shape: readonly (number | null)[]): string {
  return shape.map((size) => size ?? '?').join(', ');
}

/** @param pointer into the manifest */
function doesNotFit(message: string, pointer: string): DomainError {
  return new DomainError(inferenceErrors.MODEL_DOES_NOT_FIT, message, { errors: [{ pointer, detail: message }] });
}
