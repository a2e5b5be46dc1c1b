/** TensorFlow.js, the reference engine: the same graph computed by other code, so that each engine checks the other. */
import { buildTensorFlowModel } from '#keras';
import { DomainError, quietNativeTensorFlow } from '#platform';
import { inferenceErrors } from '../inference.errors.js';
import type { EngineIdentity, InferenceEngine, LoadedModel } from './inference-engine.js';
import type { ModelArtifact } from './model-artifact.js';
import { processorName } from './processor.js';
import { openModel } from './runnable-model.js';
import { TensorFlowKernel } from './tensorflow-kernel.js';
import { loadTensorFlow, type TensorFlowLibrary } from './tensorflow-library.js';
import type { WorkerPool } from './worker-pool.js';

export class TensorFlowEngine implements InferenceEngine {
  readonly name = 'tfjs';
  private library?: Promise<TensorFlowLibrary>;

  /** `log` is told once which back end runs and why. Without a pool, heavy runs hold up the event loop. */
  constructor(
    private readonly log: (line: string) => void,
    private readonly pool?: WorkerPool,
  ) {}

  supports(artifact: ModelArtifact): boolean {
    return artifact.format !== 'onnx' && artifact.format !== 'remote';
  }

  async identity(): Promise<EngineIdentity> {
    const { version } = await this.tensorFlow();
    return { name: this.name, version, processor: processorName() };
  }

  async load(artifact: ModelArtifact): Promise<LoadedModel> {
    if (!this.supports(artifact))
      throw new DomainError(inferenceErrors.MODEL_UNREADABLE, 'TensorFlow.js computes Keras files alone.');
    const { tf } = await this.tensorFlow();
    const graph = await artifact.kerasGraph();
    return openModel({
      engine: await this.identity(),
      open: () => Promise.resolve(new TensorFlowKernel(tf, buildTensorFlowModel(graph, tf), graph)),
      source: { engine: this.name, content: artifact.content },
      ...(this.pool && { pool: this.pool }),
    });
  }

  private tensorFlow(): Promise<TensorFlowLibrary> {
    if (!this.library) quietNativeTensorFlow();
    this.library ??= loadTensorFlow().then(
      (library) => {
        this.log(`TensorFlow.js runs as ${library.version}: ${library.reason}`);
        return library;
      },
      (error: unknown) => {
        const message = `TensorFlow.js does not load: ${(error as Error).message}`;
        throw new DomainError(inferenceErrors.ENGINE_UNAVAILABLE, message, { cause: error });
      },
    );
    return this.library;
  }
}
