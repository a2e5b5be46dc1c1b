/** A model as requests use it: checked values in, checked values out, heavy runs in worker threads. */
import { DomainError } from '#platform';
import { inferenceErrors } from '../inference.errors.js';
import {
  requireOutput,
  requireRunnable,
  type ModelInput,
  type ModelOutput,
  type TensorBatch,
} from '../tensor-batch.js';
import type { EngineIdentity, LoadedModel } from './inference-engine.js';
import { sizeOf } from './model-file.js';
import { KernelError, type KernelSource, type ModelKernel } from './model-kernel.js';
import {
  expectedMs,
  LearntCost,
  longestInlineMs,
  measureCost,
  worthSendingMs,
  type KnownTexts,
  type RunCost,
} from './run-cost.js';
import type { PooledModel, WorkerPool } from './worker-pool.js';

export interface ModelOpening {
  readonly engine: EngineIdentity;
  readonly open: () => Promise<ModelKernel>;
  /** What worker threads open. */
  readonly source: KernelSource;
  /** Class labels in the order of the scores, where the file carries them. */
  readonly classes?: readonly string[];
  readonly isDecision?: boolean;
  /** Whether labels that the library answers are not to be believed. */
  readonly mislabels?: boolean;
  /** Texts that inputs of text take, where the file knows some. */
  readonly texts?: KnownTexts;
  /** Without one all runs are inline. */
  readonly pool?: WorkerPool;
}

/** Held for a model beside what its bytes say: names, plans, buffers of a run. */
const bytesOfAnyModel = 768 * 1024;
/** Growth of the process beyond this multiple is somebody else's. */
const mostOfEstimate = 8;

/** Opens a model and measures it. Throws `MODEL_UNREADABLE`, `MODEL_DOES_NOT_FIT` or `ENGINE_UNAVAILABLE`. */
export async function openModel(opening: ModelOpening): Promise<LoadedModel> {
  const { open, source, pool } = opening;
  const before = process.memoryUsage.rss();
  let kernel: ModelKernel | undefined;
  try {
    kernel = await open();
    const cost = new LearntCost(await measureCost(kernel, opening.texts));
    const grown = process.memoryUsage.rss() - before;
    const estimate = bytesOfAnyModel + copiesInMemory(source) * sizeOf(source.content);
    const memoryBytes = Math.min(Math.max(estimate, grown), mostOfEstimate * estimate);
    const { engine, classes, isDecision, mislabels } = opening;
    const pooled = pool && { pool, model: pool.add(source, (ran, tookMs) => cost.learn(ran, tookMs)) };
    return new RunnableModel(kernel, { engine, classes, isDecision, mislabels, cost, memoryBytes, pooled });
  } catch (error) {
    await kernel?.dispose();
    throw asDomainError(error);
  }
}

/** A library holds weights in a form of its own, beside the bytes that worker threads open where these are in memory. */
function copiesInMemory({ content }: KernelSource): number {
  return content instanceof Uint8Array ? 2 : 1;
}

interface Measured {
  readonly engine: EngineIdentity;
  readonly classes: readonly string[] | undefined;
  readonly isDecision: boolean | undefined;
  readonly mislabels: boolean | undefined;
  readonly cost: LearntCost;
  readonly memoryBytes: number;
  readonly pooled: { readonly pool: WorkerPool; readonly model: PooledModel } | undefined;
}

class RunnableModel implements LoadedModel {
  readonly engine: EngineIdentity;
  readonly inputs: readonly ModelInput[];
  readonly outputs: readonly ModelOutput[];
  readonly classes?: readonly string[];
  readonly isDecision?: boolean;
  readonly cost: RunCost;

  constructor(
    private readonly kernel: ModelKernel,
    private readonly measured: Measured,
  ) {
    this.engine = measured.engine;
    this.inputs = kernel.inputs;
    this.outputs = kernel.outputs;
    this.cost = measured.cost;
    if (measured.classes) this.classes = measured.classes;
    if (measured.isDecision) this.isDecision = true;
  }

  get memoryBytes(): number {
    const { memoryBytes, pooled } = this.measured;
    return memoryBytes * (1 + (pooled?.pool.copies(pooled.model) ?? 0));
  }

  async run(batch: TensorBatch): Promise<Float32Array[]> {
    requireRunnable(batch, this.inputs);
    let answers: (Float32Array | undefined)[];
    try {
      answers = await this.compute(batch);
    } catch (error) {
      throw asDomainError(error);
    }
    return this.outputs.map((output, index) => requireOutput(answers[index], output, batch.rows));
  }

  async labels(batch: TensorBatch): Promise<readonly string[] | undefined> {
    if (this.measured.mislabels) return undefined;
    requireRunnable(batch, this.inputs);
    try {
      return await this.kernel.labels?.(batch);
    } catch (error) {
      throw asDomainError(error);
    }
  }

  async dispose(): Promise<void> {
    const { pooled } = this.measured;
    pooled?.pool.drop(pooled.model);
    await this.kernel.dispose();
  }

  private compute(batch: TensorBatch): Promise<(Float32Array | undefined)[]> {
    const { cost, pooled } = this.measured;
    const ms = expectedMs(cost, batch);
    // The most frequent runs are of microseconds: for them nothing is counted.
    if (!pooled || ms <= worthSendingMs) return this.kernel.run(batch);
    const { pool, model } = pooled;
    const stays = !pool.inline.wouldBlock(ms) || (ms <= longestInlineMs && pool.isFull);
    if (stays) return pool.inline.track(ms, () => this.kernel.run(batch));
    return pool.run(model, batch);
  }
}

const errorKinds = {
  unreadable: inferenceErrors.MODEL_UNREADABLE,
  'does-not-fit': inferenceErrors.MODEL_DOES_NOT_FIT,
  // Nothing is wrong with the model: another engine may serve it.
  'not-computable': inferenceErrors.ENGINE_UNAVAILABLE,
} as const;

function asDomainError(error: unknown): unknown {
  if (!(error instanceof KernelError)) return error;
  return new DomainError(errorKinds[error.kind], error.message, { cause: error });
}
