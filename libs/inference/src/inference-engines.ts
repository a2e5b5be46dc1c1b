/** The engines of this process, and which of them serves a model. */
import type { OnApplicationShutdown } from '@nestjs/common';
import { DomainError, type LatidoConfig } from '#platform';
import type { EngineIdentity, EngineName, InferenceEngine, LoadedModel } from './engines/inference-engine.js';
import type { ModelArtifact } from './engines/model-artifact.js';
import { OnnxEngine } from './engines/onnx-engine.js';
import { RemoteEngine } from './engines/remote/remote-engine.js';
import type { RemoteSettings } from './engines/remote/remote-settings.js';
import { TensorFlowEngine } from './engines/tensorflow-engine.js';
import { WorkerPool } from './engines/worker-pool.js';
import { kerasImporter } from './import/keras-importer.js';
import { inferenceErrors } from './inference.errors.js';
import { inspectModel } from './inspection/inspect-model.js';
import type { ModelDescription } from './inspection/model-description.js';
import { verifyModel, type VerificationRecord, type VerificationRequest } from './verification/verify-model.js';

export type EngineSetting = LatidoConfig['inference']['engine'];

type VerifiedBy = Pick<VerificationRecord, 'passed' | 'engines' | 'batchInvariance'>;

export class InferenceEngines implements OnApplicationShutdown {
  private readonly engines: Readonly<Record<EngineName, InferenceEngine>>;
  private readonly pool: WorkerPool;

  /**
   * No library is loaded until a model needs it. `log` is told which TensorFlow back end runs and why. At most `workers`
   * threads run heavy batches; default: one less than there are processors. `remote` lists the servers that may be called; default:
   * none.
   */
  constructor(
    readonly setting: EngineSetting,
    log: (line: string) => void,
    workers?: number,
    remote?: RemoteSettings,
  ) {
    this.pool = new WorkerPool(workers === undefined ? {} : { size: workers });
    this.engines = {
      onnx: new OnnxEngine(this.pool),
      tfjs: new TensorFlowEngine(log, this.pool),
      remote: new RemoteEngine(remote),
    };
  }

  /** Ends the worker threads; no heavy run may follow. */
  close(): Promise<void> {
    return this.pool.close();
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.close(), kerasImporter.close()]);
  }

  /** Whether this is the name of an engine: a record may bear that of one that is no more. */
  isEngine(name: string): name is EngineName {
    return Object.hasOwn(this.engines, name);
  }

  /** Whether an engine can compute artifacts of this format at all. */
  supports(artifact: ModelArtifact, engine: EngineName): boolean {
    return this.engines[engine].supports(artifact);
  }

  /**
   * What a model file is, whatever the setting: read without a manifest, loaded and run on a few random rows.
   * Throws `MODEL_UNREADABLE` for bytes that are no model, `MODEL_TOO_COSTLY` or `ENGINE_UNAVAILABLE`.
   */
  inspect(bytes: Uint8Array): Promise<ModelDescription> {
    return inspectModel(bytes, this.engines.onnx);
  }

  /** Loads a model on the named engine. Throws `ENGINE_UNAVAILABLE`, `MODEL_UNREADABLE` or `MODEL_DOES_NOT_FIT`. */
  load(artifact: ModelArtifact, engine: EngineName): Promise<LoadedModel> {
    return this.engines[engine].load(artifact);
  }

  /** Library and version of an engine; loads the library. Throws `ENGINE_UNAVAILABLE`. */
  identity(engine: EngineName, artifact?: ModelArtifact): Promise<EngineIdentity> {
    return this.engines[engine].identity(artifact);
  }

  /**
   * Compares all engines that compute the model, whatever the setting: the one that serves is only trusted because
   * another agreed. Throws as `verifyModel`, and `ENGINE_UNAVAILABLE` where the setting leaves no engine for a version
   * that passed: nothing is wrong with it.
   */
  async verify(request: Omit<VerificationRequest, 'engines'>): Promise<VerificationRecord> {
    const { onnx, tfjs, remote } = this.engines;
    const engines = remote.supports(request.artifact) ? [remote] : [onnx, tfjs];
    const record = await verifyModel({ ...request, engines });
    if (!record.passed || this.choose(record)) return record;
    const reason = record.unavailable.find(({ engine }) => engine === this.setting)?.reason ?? 'it was not verified';
    throw new DomainError(
      inferenceErrors.ENGINE_UNAVAILABLE,
      `INFERENCE_ENGINE=${this.setting} does not serve this model: ${reason}`,
    );
  }

  /**
   * The engine that serves a verified version: the one that is set, with `auto` ONNX Runtime where it was verified,
   * else TensorFlow.js; a remote model is served where it is, whatever is set. `undefined` where the set one computed nothing, or the version has not passed.
   */
  choose(record: Pick<VerificationRecord, 'passed' | 'engines'>): EngineName | undefined {
    const local: readonly EngineName[] = this.setting === 'auto' ? ['onnx', 'tfjs'] : [this.setting];
    const preferred: readonly EngineName[] = [...local, 'remote'];
    return record.passed ? preferred.find((name) => record.engines.some((engine) => engine.name === name)) : undefined;
  }

  /** Whether an engine, that which serves if none is named, computes a row to the same bits whatever else is in its batch. */
  isBatchInvariant(record: VerifiedBy, name: EngineName | undefined = this.choose(record)): boolean {
    return record.batchInvariance?.find(({ engine }) => engine === name)?.batchInvariant ?? false;
  }

  /**
   * Whether a stored record still speaks of the library that would serve, or of that of the engine named; after an
   * upgrade, or when a remote server has become another, the version is verified again, as it is where the record does not say whether rows may be batched.
   */
  async isCurrent(
    record: VerifiedBy,
    name: EngineName | undefined = this.choose(record),
    artifact?: ModelArtifact,
  ): Promise<boolean> {
    if (!name || !record.passed || !record.batchInvariance) return false;
    const { version } = await this.identity(name, artifact);
    return record.engines.some((engine) => engine.name === name && engine.version === version);
  }
}
