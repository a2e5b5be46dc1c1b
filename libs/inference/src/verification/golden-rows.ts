/** Golden rows: inputs with the answers of the framework that trained the model (docs/schemas/golden.schema.json). */
import { DomainError } from '#platform';
import { inferenceErrors } from '../inference.errors.js';
import type { TensorBatch } from '../tensor-batch.js';

type NestedNumbers = readonly (number | NestedNumbers)[];

/** The file as JSON gives it, valid against its schema. */
export interface GoldenFile {
  readonly schemaVersion: 1;
  /** Names of the last axis of the inputs. */
  readonly columns?: readonly string[];
  /** What computed the outputs, for instance `keras 3.15.1`. */
  readonly answeredBy: string;
  readonly atol?: number;
  readonly rtol?: number;
  /** `[rows, …]`, after the feature pipeline. */
  readonly inputs: NestedNumbers;
  /** `[rows, scores]`. */
  readonly outputs: NestedNumbers;
}

export interface GoldenRows {
  readonly answeredBy: string;
  readonly batch: TensorBatch;
  /** Row-major. */
  readonly expected: Float32Array;
}

/** Throws `MODEL_DOES_NOT_FIT` for ragged arrays, or for columns in another order than the pipeline's. */
export function readGoldenRows(file: GoldenFile, pipelineColumns: readonly string[]): GoldenRows {
  if (file.columns && file.columns.join() !== pipelineColumns.join()) {
    const message = `The golden rows have the columns ${file.columns.join(', ')}, the feature pipeline leaves ${pipelineColumns.join(', ')}.`;
    throw new DomainError(inferenceErrors.MODEL_DOES_NOT_FIT, message);
  }
  const inputs = toTensor(file.inputs, 'inputs');
  const outputs = toTensor(file.outputs, 'outputs');
  if (inputs.rows !== outputs.rows) {
    throw new DomainError(
      inferenceErrors.MODEL_DOES_NOT_FIT,
      `The golden rows have ${inputs.rows} inputs and ${outputs.rows} outputs.`,
    );
  }
  return { answeredBy: file.answeredBy, batch: { rows: inputs.rows, tensors: [inputs] }, expected: outputs.values };
}

function toTensor(nested: NestedNumbers, what: string): { rows: number; shape: number[]; values: Float32Array } {
  const shape: number[] = [];
  for (let level: number | NestedNumbers | undefined = nested; typeof level === 'object'; level = level[0])
    shape.push(level.length);
  const values: number[] = [];
  const visit = (item: number | NestedNumbers, depth: number): void => {
    if (typeof item === 'number' ? depth !== shape.length : item.length !== shape[depth]) {
      throw new DomainError(inferenceErrors.MODEL_DOES_NOT_FIT, `The ${what} of the golden rows are not of one shape.`);
    }
    if (typeof item === 'number') values.push(item);
    else for (const child of item) visit(child, depth + 1);
  };
  visit(nested, 0);
  return { rows: shape[0] ?? 0, shape: shape.slice(1), values: Float32Array.from(values) };
}
