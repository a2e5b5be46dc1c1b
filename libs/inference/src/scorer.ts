/** A loaded model with its manifest: rows in, scores out, scores to answers. */
import { DomainError } from '#platform';
import type { LoadedModel } from './engines/inference-engine.js';
import { compileFeatures, type FeaturePipeline } from './features/feature-pipeline.js';
import { inferenceErrors } from './inference.errors.js';
import type { InputRow, ModelManifest } from './manifest.js';
import { compileDecoder, type ScoreDecoder } from './prediction-result.js';

/** Scores of several rows, row-major `[rows, width]`. */
export interface Scores {
  readonly values: Float32Array;
  readonly width: number;
}

export class Scorer {
  /** The answer of one row from its scores. Throws `OUTPUT_NOT_FINITE`. */
  readonly decode: ScoreDecoder;
  private readonly features: FeaturePipeline;

  /** Throws `MODEL_DOES_NOT_FIT` where manifest and model disagree. */
  constructor(
    manifest: Pick<ModelManifest, 'inputs' | 'features' | 'task' | 'output'>,
    readonly model: LoadedModel,
  ) {
    this.features = compileFeatures(manifest);
    this.decode = compileDecoder(manifest, model.outputWidth);
    const [input, ...others] = model.inputs;
    const columns = input?.shape.at(-1);
    if (!input || others.length > 0 || input.shape.length !== 1) {
      const shapes = model.inputs.map(({ name, shape }) => `${name} [${shape.join(', ')}]`).join(', ');
      throw new DomainError(
        inferenceErrors.MODEL_DOES_NOT_FIT,
        `The model takes ${shapes}; a row of values fits one input of one axis.`,
      );
    }
    if (columns !== null && columns !== this.features.columns.length) {
      const message = `The model takes ${columns} columns, the manifest declares ${this.features.columns.length}: ${this.features.columns.join(', ')}.`;
      throw new DomainError(inferenceErrors.MODEL_DOES_NOT_FIT, message);
    }
  }

  /** Rows must be valid against the manifest. Throws `INPUT_NOT_FINITE` or `OUTPUT_NOT_FINITE`. */
  async score(rows: readonly InputRow[]): Promise<Scores> {
    if (rows.length === 0) return { values: new Float32Array(0), width: this.model.outputWidth };
    return { values: await this.model.run(this.features.build(rows)), width: this.model.outputWidth };
  }
}
