/**
 * A row as the engine takes it, behind the feature pipeline: what clients send that do their own preprocessing. In a record it
 * stands as the tensors of one row, so that it can be computed again.
 */
import type { TensorBatch } from '../tensor-batch.js';
import type { FaultSink } from './fault-sink.js';
import type { FeaturePipeline, FeatureRow, PipelineRow } from './feature-pipeline.js';

/** One input of the engine, of one row: what the pipeline makes for it. */
export interface EngineInput {
  readonly name: string;
  /** Without the batch. */
  readonly shape: readonly number[];
}

export class TensorRow {
  /** @param values for each input of the engine, in its order */
  constructor(readonly values: readonly Float32Array[]) {}
}

/** Rows from tensors of all of them, row-major `[rows, ...shape]`, one for each input in the engine's order. */
export function tensorRowsOf(tensors: readonly Float32Array[], rows: number): TensorRow[] {
  return Array.from({ length: rows }, (_, row) => {
    const of = (values: Float32Array): Float32Array => {
      const size = values.length / rows;
      return values.subarray(row * size, (row + 1) * size);
    };
    return new TensorRow(tensors.map(of));
  });
}

/** The batch of rows that may be of either kind, each in its place: requests of both kinds share runs. */
export function batchOf(rows: readonly FeatureRow[], features: FeaturePipeline): TensorBatch {
  const others = rows.filter((row): row is PipelineRow => !(row instanceof TensorRow));
  const built = features.build(others);
  if (others.length === rows.length) return built;
  const tensors = built.tensors.map(({ shape, values: ofOthers }, input) => {
    const size = sizeOf(shape);
    const values = new Float32Array(rows.length * size);
    let other = 0;
    rows.forEach((row, index) => {
      const own = row instanceof TensorRow ? row.values[input]! : ofOthers.subarray(other * size, ++other * size);
      values.set(own, index * size);
    });
    return { shape, values };
  });
  return { rows: rows.length, tensors };
}

/** JSON text of a row for the record: `{"tensors": [{name, shape, datatype, data}]}`, exact to the sign of a zero. */
export function recordedTensorRow({ values }: TensorRow, inputs: readonly EngineInput[]): string {
  const tensors = inputs.map(({ name, shape }, index) => {
    const data = Array.from(values[index]!, (value) => (Object.is(value, -0) ? '-0' : String(value))).join();
    return `{"name":${JSON.stringify(name)},"shape":${JSON.stringify(shape)},"datatype":"FP32","data":[${data}]}`;
  });
  return `{"tensors":[${tensors.join()}]}`;
}

/** Whether a recorded row is one of tensors: no input of a manifest is a list, but for `observations`. */
export function isRecordedTensorRow(row: unknown): row is { readonly tensors: readonly unknown[] } {
  return typeof row === 'object' && row !== null && 'tensors' in row && Array.isArray(row.tensors);
}

/** A recorded row of tensors; undefined, with a fault, where it is not what the engine takes. */
export function readRecordedTensorRow(
  { tensors }: { readonly tensors: readonly unknown[] },
  inputs: readonly EngineInput[],
  pointer: string,
  faults: FaultSink,
): TensorRow | undefined {
  const values = inputs.map(({ name, shape }, index) => {
    const recorded = tensors[index] as { readonly name?: unknown; readonly data?: unknown } | null;
    const size = sizeOf(shape);
    const data = recorded?.name === name && Array.isArray(recorded.data) ? (recorded.data as unknown[]) : [];
    return data.length === size && data.every((value) => typeof value === 'number')
      ? Float32Array.from(data)
      : undefined;
  });
  if (tensors.length === inputs.length && values.every((tensor) => tensor !== undefined)) return new TensorRow(values);
  faults.add(`${pointer}/tensors`, 'are not the tensors that the engine takes');
  return undefined;
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, axis) => product * axis, 1);
}
