/**
 * What computes a model, and nothing else: no checks, no errors of the domain. The same code runs in the server's thread
 * and in worker threads, so that it answers the same bits in both; it must not import what a thread would load in vain.
 */
import type { ModelInput, ModelOutput, TensorBatch } from '../tensor-batch.js';
import type { EngineName } from './inference-engine.js';
import type { ModelContent } from './model-file.js';

export interface ModelKernel {
  readonly inputs: readonly ModelInput[];
  readonly outputs: readonly ModelOutput[];
  /** The values of each output. Throws `KernelError` for rows that the model does not take. */
  run(batch: TensorBatch): Promise<(Float32Array | undefined)[]>;
  /** The label of each row as text, of a model that answers one beside its scores. Throws as `run`. */
  labels?(batch: TensorBatch): Promise<string[] | undefined>;
  dispose(): Promise<void>;
}

/** What a kernel is opened from: ONNX for `onnx`, and a Keras file for `tfjs`. */
export interface KernelSource {
  readonly engine: EngineName;
  readonly content: ModelContent;
}

/**
 * A model that a library does not load (`unreadable`), that does not fit what Latido feeds or the rows it was given
 * (`does-not-fit`), or that needs something which the library does not have (`not-computable`).
 */
export class KernelError extends Error {
  constructor(
    readonly kind: 'unreadable' | 'does-not-fit' | 'not-computable',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'KernelError';
  }
}
