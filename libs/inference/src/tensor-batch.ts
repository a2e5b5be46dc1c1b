/** What goes into an engine: rows as float32 tensors, checked before an engine sees them. */
import { DomainError } from '#platform';
import { inferenceErrors } from './inference.errors.js';

/** Values of all rows for one input of a model, row-major `[rows, ...shape]`. */
export interface FeatureTensor {
  /** Of one row, without the batch. */
  readonly shape: readonly number[];
  readonly values: Float32Array;
  /** For an input of text: each value is the position of a text in this list. */
  readonly texts?: readonly string[];
}

export interface TensorBatch {
  readonly rows: number;
  /** One for each input of the model, in the model's order. */
  readonly tensors: readonly FeatureTensor[];
}

/** One input of a loaded model; an axis of `null` takes any size. */
export interface ModelInput {
  readonly name: string;
  readonly shape: readonly (number | null)[];
  /** Whether it takes texts in place of numbers. */
  readonly takesText?: boolean;
}

/** One output of a loaded model, of one row; an axis of `null` may have any size. */
export interface ModelOutput {
  readonly name: string;
  readonly shape: readonly (number | null)[];
}

/** Numbers that an output has for one row; null where that depends on the row. */
export function valuesPerRow({ shape }: ModelOutput): number | null {
  return shape.reduce<number | null>((product, size) => (product === null || size === null ? null : product * size), 1);
}

/** Throws `MODEL_DOES_NOT_FIT` for other shapes than the model takes and `INPUT_NOT_FINITE` for NaN and infinities. */
export function requireRunnable(batch: TensorBatch, inputs: readonly ModelInput[]): void {
  if (batch.tensors.length !== inputs.length) {
    throw new DomainError(
      inferenceErrors.MODEL_DOES_NOT_FIT,
      `The model takes ${inputs.length} inputs, not ${batch.tensors.length}.`,
    );
  }
  inputs.forEach((input, index) => {
    const tensor = batch.tensors[index] as FeatureTensor;
    const size = tensor.shape.reduce((product, length) => product * length, batch.rows);
    const fits =
      tensor.shape.length === input.shape.length &&
      input.shape.every((length, axis) => length === null || length === tensor.shape[axis]);
    if (!fits || tensor.values.length !== size) {
      const message = `Input ${input.name} takes rows of [${input.shape.join(', ')}], not ${tensor.values.length} values as ${batch.rows} rows of [${tensor.shape.join(', ')}].`;
      throw new DomainError(inferenceErrors.MODEL_DOES_NOT_FIT, message);
    }
    if ((tensor.texts !== undefined) !== (input.takesText ?? false)) {
      const message = `Input ${input.name} takes ${input.takesText ? 'texts' : 'numbers'}.`;
      throw new DomainError(inferenceErrors.MODEL_DOES_NOT_FIT, message);
    }
    const wrong = firstNotFinite(tensor.values);
    if (wrong !== -1) {
      const row = Math.floor(wrong / (size / batch.rows));
      throw new DomainError(
        inferenceErrors.INPUT_NOT_FINITE,
        `Row ${row} holds ${tensor.values[wrong]} after the feature pipeline.`,
      );
    }
  });
}

/**
 * The values that an engine computed for one output, if they are what the model declares. Throws `MODEL_DOES_NOT_FIT`
 * for another number of values, and `OUTPUT_NOT_FINITE`, naming the row.
 */
export function requireOutput(values: unknown, output: ModelOutput, rows: number): Float32Array {
  const width = valuesPerRow(output);
  if (!(values instanceof Float32Array) || (width === null ? values.length % rows : values.length - rows * width)) {
    throw new DomainError(
      inferenceErrors.MODEL_DOES_NOT_FIT,
      `Output ${output.name} is not ${width ?? 'a number of'} float32 values a row.`,
    );
  }
  const wrong = firstNotFinite(values);
  if (wrong === -1) return values;
  const row = Math.floor((wrong * rows) / values.length);
  throw new DomainError(inferenceErrors.OUTPUT_NOT_FINITE, `The model computed ${values[wrong]} for row ${row}.`);
}

function firstNotFinite(values: Float32Array): number {
  for (let index = 0; index < values.length; index++) {
    if (!Number.isFinite(values[index])) return index;
  }
  return -1;
}
