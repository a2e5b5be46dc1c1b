/**
 * ONNX Runtime, the serving engine. Keras files are written as ONNX in memory, `.onnx` files are loaded as they are.
 */
import type { InferenceSession, Tensor as OnnxTensor } from 'onnxruntime-node';
import { writeOnnx } from '#keras';
import { DomainError } from '#platform';
import { inferenceErrors } from '../inference.errors.js';
import { requireFiniteScores, requireRunnable, type ModelInput, type TensorBatch } from '../tensor-batch.js';
import type { EngineIdentity, InferenceEngine, LoadedModel } from './inference-engine.js';
import type { ModelArtifact } from './model-artifact.js';
import { processorName } from './processor.js';

type OnnxRuntime = typeof import('onnxruntime-node');

/** One thread: a small model costs microseconds, less than waking others would. */
const sessionOptions: InferenceSession.SessionOptions = {
  executionProviders: ['cpu'],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  // Warnings about a graph are for its author; errors are thrown.
  logSeverityLevel: 3,
};

export class OnnxEngine implements InferenceEngine {
  readonly name = 'onnx';
  private library?: Promise<OnnxRuntime>;

  supports(): boolean {
    return true;
  }

  async identity(): Promise<EngineIdentity> {
    const { env } = await this.runtime();
    return {
      name: this.name,
      version: `onnxruntime-node ${env.versions.node ?? env.versions.common}`,
      processor: processorName(),
    };
  }

  async load(artifact: ModelArtifact): Promise<LoadedModel> {
    const runtime = await this.runtime();
    const engine = await this.identity();
    const bytes = artifact.format === 'onnx' ? artifact.bytes : writeOnnx(await artifact.kerasGraph());
    let session: InferenceSession;
    try {
      session = await runtime.InferenceSession.create(bytes, sessionOptions);
    } catch (error) {
      throw new DomainError(
        inferenceErrors.MODEL_UNREADABLE,
        `ONNX Runtime does not load the model: ${(error as Error).message}`,
        { cause: error },
      );
    }
    try {
      return new OnnxModel(runtime, session, engine, modelInputs(session), scoreOutput(session));
    } catch (error) {
      await session.release();
      throw error;
    }
  }

  private runtime(): Promise<OnnxRuntime> {
    this.library ??= import('onnxruntime-node').catch((error: unknown) => {
      throw new DomainError(
        inferenceErrors.ENGINE_UNAVAILABLE,
        `onnxruntime-node does not load: ${(error as Error).message}`,
        { cause: error },
      );
    });
    return this.library;
  }
}

class OnnxModel implements LoadedModel {
  readonly outputWidth: number;
  private readonly fetches: string[];

  constructor(
    private readonly runtime: OnnxRuntime,
    private readonly session: InferenceSession,
    readonly engine: EngineIdentity,
    readonly inputs: readonly ModelInput[],
    output: { name: string; width: number },
  ) {
    this.outputWidth = output.width;
    this.fetches = [output.name];
  }

  async run(batch: TensorBatch): Promise<Float32Array> {
    requireRunnable(batch, this.inputs);
    const feeds: Record<string, OnnxTensor> = {};
    this.inputs.forEach(({ name }, index) => {
      const tensor = batch.tensors[index];
      if (tensor) feeds[name] = new this.runtime.Tensor('float32', tensor.values, [batch.rows, ...tensor.shape]);
    });
    const answer = await this.session.run(feeds, this.fetches);
    const scores = answer[this.fetches[0] as string]?.data;
    if (!(scores instanceof Float32Array) || scores.length !== batch.rows * this.outputWidth) {
      throw new DomainError(
        inferenceErrors.MODEL_DOES_NOT_FIT,
        `The model answered other than ${this.outputWidth} float32 scores a row.`,
      );
    }
    return requireFiniteScores(scores, batch.rows);
  }

  dispose(): Promise<void> {
    return this.session.release();
  }
}

function modelInputs(session: InferenceSession): ModelInput[] {
  return session.inputMetadata.map((input) => {
    if (!input.isTensor || input.type !== 'float32') {
      throw new DomainError(
        inferenceErrors.MODEL_DOES_NOT_FIT,
        `Input ${input.name} is no float32 tensor; export the model with one float32 input.`,
      );
    }
    return { name: input.name, shape: input.shape.slice(1).map((size) => (typeof size === 'number' ? size : null)) };
  });
}

/** The only float32 output; classifiers of scikit-learn have one of labels beside it, which is not needed. */
function scoreOutput(session: InferenceSession): { name: string; width: number } {
  const candidates = session.outputMetadata.flatMap((output) =>
    output.isTensor && output.type === 'float32' ? [output] : [],
  );
  const [output] = candidates;
  if (!output || candidates.length > 1) {
    const names = session.outputNames.join(', ');
    const message = `Of the outputs (${names}) exactly one must be a float32 tensor of scores; for scikit-learn export with zipmap=False.`;
    throw new DomainError(inferenceErrors.MODEL_DOES_NOT_FIT, message);
  }
  const sizes = output.shape.slice(1);
  if (!sizes.every((size) => typeof size === 'number')) {
    throw new DomainError(
      inferenceErrors.MODEL_DOES_NOT_FIT,
      `Output ${output.name} does not declare how many scores it has.`,
    );
  }
  return { name: output.name, width: sizes.reduce((product, size) => product * size, 1) };
}
