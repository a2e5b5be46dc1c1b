/** Brings a stored version into memory: only bytes that are still those that were registered, only an engine that was verified. */
import { Injectable, Logger } from '@nestjs/common';
import {
  InferenceEngines,
  inferenceErrors,
  ModelArtifact,
  type EngineName,
  type LoadedModel,
  type VerificationRecord,
} from '#inference';
import { DomainError } from '#platform';
import { modelErrors } from '../models.errors.js';
import { ArtifactCache } from '../storage/artifact-cache.js';
import type { ModelVersion } from '../storage/model-version.entity.js';
import { ModelRepository } from '../storage/model.repository.js';
import { LoadedVersion } from './loaded-version.js';
import { SharedModel } from './shared-model.js';

@Injectable()
export class VersionLoader {
  private readonly logger = new Logger(VersionLoader.name);

  constructor(
    private readonly models: ModelRepository,
    private readonly artifacts: ArtifactCache,
    private readonly engines: InferenceEngines,
  ) {}

  /**
   * Loads a version. One that a library other than today's has verified is verified again first.
   * @throws VERSION_NOT_LOADED saying why, VERSION_NOT_FOUND; or what the database threw
   */
  async load(id: string): Promise<LoadedVersion> {
    const version = await this.find(id);
    const record = (await this.currentRecord(version)) ?? (await this.verifyAgain(version));
    return this.open(version, this.engineOf(record, nameOf(version)), this.engines.isBatchInvariant(record));
  }

  /**
   * Loads a version on the engine named, whichever serves, to compute again what it computed once. It is not verified for
   * that: whether it still computes the same is the question. Batch invariant is only what today's library was seen to be.
   * @throws as `load`
   */
  async loadOn(engine: EngineName, id: string): Promise<LoadedVersion> {
    const version = await this.find(id);
    const record = await this.currentRecord(version, engine);
    return this.open(version, engine, record !== undefined && this.engines.isBatchInvariant(record, engine));
  }

  /** @throws VERSION_NOT_FOUND, VERSION_NOT_LOADED for a rejected one */
  private async find(id: string): Promise<ModelVersion> {
    const version = await this.models.versionById(id);
    if (!version) throw new DomainError(modelErrors.VERSION_NOT_FOUND, `There is no version ${id}.`);
    if (version.status === 'rejected')
      throw notLoaded(nameOf(version), `it is rejected: ${version.rejection ?? 'no reason is recorded'}`);
    return version;
  }

  private async open(version: ModelVersion, engine: EngineName, batchInvariant: boolean): Promise<LoadedVersion> {
    const name = nameOf(version);
    const startedAt = performance.now();
    const model = await this.loadModel(version, engine);
    try {
      const shared = new SharedModel(model, () => this.loadModel(version, engine));
      const loaded = new LoadedVersion(version, shared, batchInvariant);
      const milliseconds = Math.round(performance.now() - startedAt);
      this.logger.log(`${name} is loaded on ${loaded.engine.name}, ${loaded.engine.version}, in ${milliseconds} ms`);
      return loaded;
    } catch (error) {
      await model.dispose();
      throw asNotLoaded(name, error);
    }
  }

  /** A record that still speaks of the installed library, the latest one: of that which serves, or of the engine named. */
  private async currentRecord(version: ModelVersion, engine?: EngineName): Promise<VerificationRecord | undefined> {
    for (const record of version.verifications.toReversed()) {
      if (await this.isCurrent(version, record, engine)) return record;
    }
    return undefined;
  }

  private async isCurrent(version: ModelVersion, record: VerificationRecord, engine?: EngineName): Promise<boolean> {
    // Which server it is says the file of a remote model; of all others nothing has to be read for this.
    const artifact = version.manifest.artifact.format === 'remote' ? await this.artifactOf(version) : undefined;
    try {
      return await this.engines.isCurrent(record, engine, artifact);
    } catch (error) {
      // The library that served once does not load here; verifying again finds another one, or says so.
      if (error instanceof DomainError && error.kind === inferenceErrors.ENGINE_UNAVAILABLE) return false;
      throw error;
    }
  }

  /** The engine that serves by a record. @throws VERSION_NOT_LOADED */
  private engineOf(record: VerificationRecord, name: string): EngineName {
    const engine = this.engines.choose(record);
    if (engine) return engine;
    const reason = record.reason ?? 'none of them serves it';
    throw notLoaded(name, `its verification by the installed engines failed: ${reason}`);
  }

  private async verifyAgain(version: ModelVersion): Promise<VerificationRecord> {
    const name = nameOf(version);
    const artifact = await this.artifactOf(version);
    const golden = await this.models.goldenOf(version.id);
    const { manifest } = version;
    const record = await this.engines
      .verify({ artifact, manifest, ...(golden && { golden }) })
      .catch((error: unknown) => {
        throw asNotLoaded(name, error);
      });
    this.engineOf(record, name);
    await this.models.addVerification(version.id, record);
    this.logger.log(`${name} is verified by ${record.engines.map((identity) => identity.version).join(' and ')}`);
    return record;
  }

  private async loadModel(version: ModelVersion, engine: EngineName): Promise<LoadedModel> {
    const artifact = await this.artifactOf(version);
    try {
      return await this.engines.load(artifact, engine);
    } catch (error) {
      throw asNotLoaded(nameOf(version), error);
    }
  }

  private async artifactOf(version: ModelVersion): Promise<ModelArtifact> {
    try {
      return new ModelArtifact(await this.artifacts.open(version.artifactSha256), version.manifest.artifact.format);
    } catch (error) {
      throw asNotLoaded(nameOf(version), error);
    }
  }
}

function nameOf({ modelName, version }: ModelVersion): string {
  return `${modelName} ${version}`;
}

function notLoaded(name: string, reason: string, cause?: unknown): DomainError {
  return new DomainError(modelErrors.VERSION_NOT_LOADED, `${name} cannot serve: ${reason}.`, {
    headers: { 'retry-after': '10' },
    cause,
  });
}

/** What an engine says against a model that is served is no longer the caller's fault. */
function asNotLoaded(name: string, error: unknown): unknown {
  return error instanceof DomainError && error.kind !== modelErrors.VERSION_NOT_LOADED
    ? notLoaded(name, error.message, error)
    : error;
}
