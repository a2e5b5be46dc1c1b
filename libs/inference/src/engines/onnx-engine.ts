/**
 * ONNX Runtime, the serving engine. Keras files are written as ONNX in memory; `.onnx` files are loaded as they are, but
 * for ZipMap.
 */
import { writeOnnx } from '#keras';
import { DomainError } from '#platform';
import { inferenceErrors } from '../inference.errors.js';
import type { EngineIdentity, InferenceEngine, LoadedModel } from './inference-engine.js';
import type { ModelArtifact } from './model-artifact.js';
import { opened, type ModelContent } from './model-file.js';
import { OnnxFileError, readOnnxFile, type OnnxFile } from './onnx-file.js';
import { openOnnxKernel, type OnnxRuntime } from './onnx-kernel.js';
import { processorName } from './processor.js';
import { openModel } from './runnable-model.js';
import type { WorkerPool } from './worker-pool.js';

export class OnnxEngine implements InferenceEngine {
  readonly name = 'onnx';
  private library?: Promise<OnnxRuntime>;

  /** Without a pool, heavy runs hold up the event loop. */
  constructor(private readonly pool?: WorkerPool) {}

  supports({ format }: ModelArtifact): boolean {
    return format !== 'remote';
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
    const { content, classes, isDecision, texts, labelsAreRight = true } = await servedContent(artifact);
    return openModel({
      engine: await this.identity(),
      open: async () => openOnnxKernel(runtime, await opened(content)),
      source: { engine: this.name, content },
      ...(classes && { classes }),
      ...(isDecision && { isDecision }),
      ...(!labelsAreRight && { mislabels: true }),
      ...(texts && { texts }),
      ...(this.pool && { pool: this.pool }),
    });
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

interface ServedContent extends Partial<Omit<OnnxFile, 'bytes'>> {
  readonly content: ModelContent;
}

/** What ONNX Runtime opens: the artifact itself where nothing has to change, so that a large file need not stay in memory. */
async function servedContent(artifact: ModelArtifact): Promise<ServedContent> {
  if (artifact.format !== 'onnx') return { content: writeOnnx(await artifact.kerasGraph()) };
  const file = await artifact.bytes();
  try {
    const { bytes, ...known } = readOnnxFile(file);
    return { content: bytes === file ? artifact.content : bytes, ...known };
  } catch (error) {
    if (!(error instanceof OnnxFileError)) throw error;
    throw new DomainError(inferenceErrors.MODEL_UNREADABLE, error.message, { cause: error });
  }
}
