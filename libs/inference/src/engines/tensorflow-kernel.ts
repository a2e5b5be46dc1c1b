/** A model on TensorFlow.js. */
import type { KerasGraph, TensorFlow, TensorFlowModel } from '#keras';
import type { ModelInput, ModelOutput, TensorBatch } from '../tensor-batch.js';
import { KernelError, type ModelKernel } from './model-kernel.js';

export class TensorFlowKernel implements ModelKernel {
  readonly inputs: readonly ModelInput[];
  readonly outputs: readonly ModelOutput[];

  constructor(
    private readonly tf: TensorFlow,
    private readonly model: TensorFlowModel,
    graph: Pick<KerasGraph, 'inputs' | 'outputs'>,
  ) {
    this.inputs = graph.inputs.map(({ name, tensor }) => ({ name, shape: tensor.shape.slice(1) }));
    this.outputs = graph.outputs.map(({ name, tensor }) => ({ name, shape: tensor.shape.slice(1) }));
  }

  async run({ rows, tensors }: TensorBatch): Promise<(Float32Array | undefined)[]> {
    const inputs = tensors.map(({ values, shape }) => this.tf.tensor(values, [rows, ...shape], 'float32'));
    try {
      const outputs = this.compute(inputs);
      try {
        // A copy: the values may lie in WebAssembly's memory.
        return await Promise.all(outputs.map(async (output) => Float32Array.from(await output.data())));
      } finally {
        for (const output of outputs) output.dispose();
      }
    } finally {
      for (const input of inputs) input.dispose();
    }
  }

  dispose(): Promise<void> {
    this.model.dispose();
    return Promise.resolve();
  }

  private compute(inputs: Parameters<TensorFlowModel['run']>[0]): ReturnType<TensorFlowModel['run']> {
    try {
      return this.model.run(inputs);
    } catch (error) {
      const missing = /^Kernel '(\w+)' not registered for (?:the )?backend '(\w+)'/.exec((error as Error).message);
      if (missing) {
        const message = `TensorFlow.js has no ${missing[1]} on its back end ${missing[2]}.`;
        throw new KernelError('not-computable', message, { cause: error });
      }
      const message = 'TensorFlow.js cannot compute these rows: the model does not take values or batches like them.';
      throw new KernelError('does-not-fit', message, { cause: error });
    }
  }
}
