/** TensorFlow.js, the reference engine: the same graph computed by other code, so that each engine checks the other. */
import { buildTensorFlowModel, type KerasGraph, type TensorFlowModel } from '#keras';
import { DomainError } from '#platform';
import { inferenceErrors } from '../inference.errors.js';
import { requireFiniteScores, requireRunnable, type ModelInput, type TensorBatch } from '../tensor-batch.js';
import type { EngineIdentity, InferenceEngine, LoadedModel } from './inference-engine.js';
import type { ModelArtifact } from './model-artifact.js';
import { processorName } from './processor.js';
import { loadTensorFlow, type TensorFlowLibrary } from './tensorflow-library.js';

export class TensorFlowEngine implements InferenceEngine {
  readonly name = 'tfjs';
  private library?: Promise<TensorFlowLibrary>;

  /** `log` is told once which back end runs and why. */
  constructor(private readonly log: (line: string) => void) {}

  supports(artifact: ModelArtifact): boolean {
    return artifact.format !== 'onnx';
  }

  async identity(): Promise<EngineIdentity> {
    const { version } = await this.tensorFlow();
    return { name: this.name, version, processor: processorName() };
  }

  async load(artifact: ModelArtifact): Promise<LoadedModel> {
    if (!this.supports(artifact))
      throw new DomainError(inferenceErrors.MODEL_UNREADABLE, 'TensorFlow.js does not compute ONNX files.');
    const { tf } = await this.tensorFlow();
    const graph = await artifact.kerasGraph();
    return new TensorFlowGraphModel(tf, buildTensorFlowModel(graph, tf), await this.identity(), graph);
  }

  private tensorFlow(): Promise<TensorFlowLibrary> {
    this.library ??= loadTensorFlow().then((library) => {
      this.log(`TensorFlow.js runs as ${library.version}: ${library.reason}`);
      return library;
    });
    return this.library;
  }
}

class TensorFlowGraphModel implements LoadedModel {
  readonly inputs: readonly ModelInput[];
  readonly outputWidth: number;

  constructor(
    private readonly tf: TensorFlowLibrary['tf'],
    private readonly model: TensorFlowModel,
    readonly engine: EngineIdentity,
    graph: KerasGraph,
  ) {
    this.inputs = graph.inputs.map(({ name, tensor }) => ({ name, shape: tensor.shape.slice(1) }));
    const [output, ...others] = graph.outputs;
    const sizes = output?.tensor.shape.slice(1) ?? [];
    if (!output || others.length > 0 || !sizes.every((size) => size !== null)) {
      throw new DomainError(
        inferenceErrors.MODEL_DOES_NOT_FIT,
        'The model must have exactly one output, of known size.',
      );
    }
    this.outputWidth = sizes.reduce<number>((product, size) => product * (size ?? 1), 1);
  }

  async run(batch: TensorBatch): Promise<Float32Array> {
    requireRunnable(batch, this.inputs);
    const inputs = batch.tensors.map(({ values, shape }) => this.tf.tensor(values, [batch.rows, ...shape], 'float32'));
    const outputs = this.model.run(inputs);
    try {
      const scores = await outputs[0]?.data<'float32'>();
      if (scores?.length !== batch.rows * this.outputWidth) {
        throw new DomainError(
          inferenceErrors.MODEL_DOES_NOT_FIT,
          `The model answered other than ${this.outputWidth} scores a row.`,
        );
      }
      return requireFiniteScores(Float32Array.from(scores), batch.rows);
    } finally {
      for (const tensor of [...inputs, ...outputs]) tensor.dispose();
    }
  }

  dispose(): Promise<void> {
    this.model.dispose();
    return Promise.resolve();
  }
}
